import type { IncomingMessage } from 'node:http';
import { override } from '../../hook/override.js';
import { serverRequestOf } from '../http/server-request.js';
import type { Instrumentation } from '../instrumentation.js';

interface ArgumentsHost {
  getArgByIndex(index: number): unknown;
}
interface ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): unknown;
}

/**
 * Nest catches what handlers throw before express or fastify see it: its own filter, which answers when no filter of the
 * application does (and which those mostly extend), tells the error. Routes come from express and fastify.
 */
export const nest: Instrumentation = {
  library: '@nestjs/core',
  versions: ['8.0.0', '13.0.0'],
  esModule: true,
  patch: (exports) => {
    const { prototype } = (exports as { BaseExceptionFilter: { prototype: ExceptionFilter } }).BaseExceptionFilter;
    const catchException = Reflect.get(prototype, 'catch') as ExceptionFilter['catch'];
    override(prototype, {
      catch(exception, host) {
        const request = host.getArgByIndex(0) as (IncomingMessage & { readonly raw?: IncomingMessage }) | undefined;
        const state = serverRequestOf(request?.raw ?? request);
        if (state !== undefined) state.error ??= exception;
        return catchException.call(this as never, exception, host);
      },
    });
  },
};
