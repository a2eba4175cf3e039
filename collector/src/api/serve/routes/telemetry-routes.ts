import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as Api from '../../contract/index.js';
import type { ApiDeps } from '../api-deps.js';
import { ApiError } from '../api-error.js';
import { askStore } from '../ask-store.js';
import { cappedMap, cappedServices } from '../cap-answers.js';
import { asked, checkFields, filtered } from '../question.js';

const { Routes } = Api;

/** Services, the map, traces, logs, explorer, metrics and breakers: one question to the store each. */
export function telemetryRoutes(plain: FastifyInstance, { reader, limits }: ApiDeps): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const ask = <T>(request: FastifyRequest, work: (signal: AbortSignal) => Promise<T>) =>
    askStore(request, limits.queryTimeoutMs, work);
  const get = <Query extends z.ZodType, Answer extends z.ZodType>(
    summary: string,
    querystring: Query,
    answer: Answer,
  ) => ({
    schema: { summary, tags: ['telemetry'], querystring, response: { 200: answer } },
  });

  app.get(Routes.services, get('Services, worst first', Api.ServiceListQuery, Api.ServiceList), (request) =>
    ask(request, async (signal) => cappedServices(await reader.services(asked(request.query), signal))),
  );
  app.get(
    Routes.service,
    {
      schema: {
        summary: 'One service: operations, neighbours, instances',
        tags: ['telemetry'],
        params: z.object({ service: z.string().min(1).max(256) }),
        querystring: Api.ServiceListQuery,
        response: { 200: Api.ServiceDetail },
      },
    },
    async (request) => {
      const { service } = request.params;
      const found = await ask(request, (signal) => reader.service({ ...asked(request.query), service }, signal));
      return found ?? nothing(`No telemetry of a service ${service} is kept.`);
    },
  );
  app.get(Routes.map, get('The service map', Api.ServiceListQuery, Api.ServiceMap), (request) =>
    ask(request, async (signal) => cappedMap(await reader.map(asked(request.query), signal))),
  );

  app.get(Routes.traces, get('Traces that match', Api.TraceListQuery, Api.TraceList), (request) =>
    ask(request, (signal) => reader.traces(filtered(request.query, 'traces'), signal)),
  );
  app.get(Routes.traceHistogram, get('Traces over time', Api.TraceHistogramQuery, Api.TraceHistogram), (request) =>
    ask(request, (signal) => reader.traceHistogram(filtered(request.query, 'traces'), signal)),
  );
  app.get(Routes.trace, byTrace('One trace as columns', Api.Trace), async (request) => {
    const { trace_id } = request.params;
    return (await ask(request, (signal) => reader.trace(trace_id, signal))) ?? nothing(`No trace ${trace_id} is kept.`);
  });
  app.get(
    Routes.span,
    {
      schema: {
        summary: 'One span with everything it carries',
        tags: ['telemetry'],
        params: z.object({ trace_id: Api.TraceId, span_id: Api.SpanId }),
        response: { 200: Api.SpanDetail },
      },
    },
    async (request) => {
      const { trace_id, span_id } = request.params;
      const found = await ask(request, (signal) => reader.span(trace_id, span_id, signal));
      return found ?? nothing(`No span ${span_id} of trace ${trace_id} is kept.`);
    },
  );
  app.get(Routes.traceLogs, byTrace('Log lines of one trace, oldest first', Api.LogList), (request) =>
    ask(request, (signal) => reader.traceLogs(request.params.trace_id, signal)),
  );

  app.get(Routes.logs, get('Log lines that match', Api.LogListQuery, Api.LogList), (request) =>
    ask(request, (signal) => reader.logs(filtered(request.query, 'logs'), signal)),
  );
  app.get(Routes.logHistogram, get('Log lines over time', Api.LogHistogramQuery, Api.LogHistogram), (request) =>
    ask(request, (signal) => reader.logHistogram(filtered(request.query, 'logs'), signal)),
  );

  app.get(Routes.metrics, get('Metrics by name', Api.MetricListQuery, Api.MetricList), (request) =>
    ask(request, (signal) => reader.metrics(asked(request.query), signal)),
  );
  app.post(Routes.metricQuery, post('Series of one metric', Api.MetricQuery, Api.MetricResult), (request) => {
    checkFields(named('group_by', request.body.group_by), 'metrics');
    return ask(request, (signal) => reader.metricQuery(filtered(request.body, 'metrics'), signal));
  });
  app.get(Routes.breakers, get('Circuit breakers, open ones first', Api.BreakerListQuery, Api.BreakerList), (request) =>
    ask(request, (signal) => reader.breakers(asked(request.query), signal)),
  );

  app.post(Routes.query, post('Aggregates over any attribute', Api.AggregateQuery, Api.AggregateResult), (request) => {
    const { signal: about, measures, group_by } = request.body;
    checkMeasures(measures);
    const fields = measures.flatMap(({ field }, index) =>
      field ? [{ path: `measures.${index}.field`, name: field }] : [],
    );
    checkFields([...named('group_by', group_by), ...fields], about);
    return ask(request, (signal) => reader.aggregate(filtered(request.body, about), signal));
  });
  app.get(Routes.fields, get('Fields that can be asked about', Api.FieldListQuery, Api.FieldList), (request) =>
    ask(request, (signal) => reader.fields(filtered(request.query, request.query.signal), signal)),
  );
  app.get(Routes.fieldValues, get('Values of a field', Api.FieldValuesQuery, Api.FieldValues), (request) => {
    checkFields([{ path: 'field', name: request.query.field }], request.query.signal);
    return ask(request, (signal) => reader.fieldValues(filtered(request.query, request.query.signal), signal));
  });
}

function byTrace<Answer extends z.ZodType>(summary: string, answer: Answer) {
  const params = z.object({ trace_id: Api.TraceId });
  return { schema: { summary, tags: ['telemetry'], params, response: { 200: answer } } };
}

function post<Body extends z.ZodType, Answer extends z.ZodType>(summary: string, body: Body, answer: Answer) {
  return { schema: { summary, tags: ['telemetry'], body, response: { 200: answer } } };
}

function named(path: string, names: string[]): { path: string; name: string }[] {
  return names.map((name, index) => ({ path: `${path}.${index}`, name }));
}

function checkMeasures(measures: Api.Measure[]): void {
  const faults = measures.flatMap(({ op, field, quantile }, index) => {
    if (op !== 'count' && op !== 'rate' && !field)
      return [{ path: `measures.${index}.field`, message: `${op} needs a field` }];
    if (op === 'quantile' && quantile === undefined)
      return [{ path: `measures.${index}.quantile`, message: 'quantile needs a quantile between 0 and 1' }];
    return [];
  });
  if (faults.length > 0)
    throw new ApiError('invalid_request', faults.map(({ message }) => message).join('; '), { faults });
}

export function nothing(sentence: string): never {
  throw new ApiError('not_found', sentence);
}
