import type { CheckDefinition } from '@orrery/collector/api';
import type { ExpectationFile } from './expectation.js';
import type { Fault } from './fault.js';
import type { HttpCheckFile } from './http-check.js';
import type { Journey, JourneyDefinition } from './journey.js';

/** A check that can run: what its file says, with every default filled in. */
export type Check = HttpCheck | BrowserCheck | ExpectationCheck;

export interface HttpCheck extends HttpCheckFile {
  readonly kind: 'http';
  readonly file: string;
}

export interface BrowserCheck extends JourneyDefinition {
  readonly kind: 'browser';
  readonly file: string;
  readonly body: Journey['body'];
}

export interface ExpectationCheck extends ExpectationFile {
  readonly kind: 'expectation';
  readonly file: string;
}

/** What became of one file: a check, or the faults that keep it from being one. */
export type LoadedFile =
  | { readonly file: string; readonly check: Check; readonly faults: readonly [] }
  | { readonly file: string; readonly check: null; readonly broken: BrokenCheck; readonly faults: readonly Fault[] };

/** As much of a file with faults as could be made out, so that people recognise it. */
export interface BrokenCheck {
  readonly name: string;
  readonly title: string;
  readonly kind: CheckDefinition['kind'];
}
