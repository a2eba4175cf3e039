"""A clinic that reports with the unmodified OpenTelemetry SDK of Python.

Four services of another domain than the demo's: front desk, wards, laboratory, billing. They admit patients in a saga
(assign bed, take sample, open account; undone backwards), the wards guard the laboratory with a circuit breaker, and
admissions are announced on a queue. Everything it says, it says with the names of the semantic conventions and of
Orrery's vocabulary, and with nothing else.

Usage: clinic.py OTLP_ENDPOINT ADMISSIONS
Prints one JSON line with the ids of what it did.
"""

import json
import logging
import random
import sys
import time

from opentelemetry import trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context

ENDPOINT, ADMISSIONS = sys.argv[1], int(sys.argv[2])
RANDOM = random.Random(7)


class Service:
    """One service with its three signals under its own resource."""

    def __init__(self, name: str):
        self.name = name
        resource = Resource.create(
            {
                "service.name": name,
                "service.version": "4.2.0",
                "service.instance.id": f"{name}-1",
                "deployment.environment.name": "ward-test",
            }
        )
        self.traces = TracerProvider(resource=resource)
        self.traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{ENDPOINT}/v1/traces")))
        self.tracer = self.traces.get_tracer("clinic")
        self.logs = LoggerProvider(resource=resource)
        self.logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(f"{ENDPOINT}/v1/logs")))
        self.logger = logging.getLogger(name)
        self.logger.setLevel(logging.INFO)
        self.logger.propagate = False
        self.logger.addHandler(LoggingHandler(logger_provider=self.logs))
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{ENDPOINT}/v1/metrics"), export_interval_millis=500)
        self.metrics = MeterProvider(resource=resource, metric_readers=[reader])
        self.meter = self.metrics.get_meter("clinic")

    def span(self, name: str, kind: SpanKind, parent=None, **attributes):
        context = set_span_in_context(parent) if parent is not None else None
        keyed = {key.replace("__", "."): value for key, value in attributes.items()}
        return self.tracer.start_span(name, context=context, kind=kind, attributes=keyed)

    def event(self, name: str, body: str, span=None, **attributes):
        keyed = {key.replace("__", "."): value for key, value in attributes.items()}
        self.logs.get_logger("clinic").emit(
            LogRecord(
                timestamp=time.time_ns(),
                observed_timestamp=time.time_ns(),
                context=set_span_in_context(span) if span is not None else None,
                severity_number=SeverityNumber.INFO,
                severity_text="INFO",
                body=body,
                attributes=keyed,
                event_name=name,
            )
        )

    def shutdown(self):
        self.traces.shutdown()
        self.logs.shutdown()
        self.metrics.shutdown()


class Breaker:
    """The wards' guard of the laboratory: three failures open it, the next admission but one probes."""

    def __init__(self, service: Service):
        self.service, self.state, self.failures, self.rejected = service, "closed", 0, 0
        service.meter.create_observable_up_down_counter("circuit_breaker.status", callbacks=[self.observe], unit="1")
        self.executions = service.meter.create_counter("circuit_breaker.execution.count", unit="{execution}")

    def observe(self, _options):
        from opentelemetry.metrics import Observation

        for state in ("closed", "open", "half_open"):
            yield Observation(
                int(state == self.state),
                {"circuit_breaker.name": "laboratory", "circuit_breaker.state": state, "circuit_breaker.library": "pybreaker"},
            )

    def move(self, state: str, reason: str, span):
        previous, self.state = self.state, state
        self.service.event(
            "circuit_breaker.state_change",
            f"laboratory breaker is {state}",
            span,
            circuit_breaker__name="laboratory",
            circuit_breaker__state=state,
            circuit_breaker__previous_state=previous,
            circuit_breaker__reason=reason,
            circuit_breaker__library="pybreaker",
            server__address="lab.clinic",
        )

    def call(self, parent, work):
        if self.state == "open":
            self.rejected += 1
            if self.rejected % 2:
                self.executions.add(1, {"circuit_breaker.name": "laboratory", "circuit_breaker.outcome": "rejected"})
                return False
            self.move("half_open", "time for a probe", parent)
        answered = work()
        self.executions.add(
            1, {"circuit_breaker.name": "laboratory", "circuit_breaker.outcome": "success" if answered else "failure"}
        )
        if answered:
            self.failures = 0
            if self.state != "closed":
                self.move("closed", "the probe succeeded", parent)
        else:
            self.failures += 1
            if self.state == "half_open" or self.failures == 3:
                self.move("open", f"{self.failures} failures in a row", parent)
        return answered


def main():
    desk, wards, lab, billing = (Service(name) for name in ("front-desk", "wards", "laboratory", "billing"))
    breaker = Breaker(wards)
    beds = wards.meter.create_gauge("clinic.beds.free", unit="{bed}", description="Beds nobody lies in.")
    waiting = desk.meter.create_histogram("clinic.waiting.time", unit="s", description="Time until a bed is assigned.")
    done = {"completed": [], "compensated": [], "stuck": [], "traces": []}

    def called(caller: Service, callee: Service, name: str, parent, failing=False, seconds=0.004):
        """A client span, and the server span of the other service under it."""
        client = caller.span(
            "POST", SpanKind.CLIENT, parent, http__request__method="POST", server__address=f"{callee.name}.clinic", server__port=80
        )
        server = callee.span(name, SpanKind.SERVER, client, http__request__method="POST", http__route=name.split(" ")[1])
        query = callee.span(
            "INSERT", SpanKind.CLIENT, server, db__system__name="postgresql", db__namespace="clinic", server__address="db.clinic"
        )
        time.sleep(seconds)
        query.end()
        with trace.use_span(server):
            callee.logger.log(logging.ERROR if failing else logging.INFO, "%s: %s", name, "refused" if failing else "done")
        for span in (server, client):
            if failing:
                span.set_attribute("http.response.status_code", 503)
                span.set_attribute("error.type", "503")
                span.set_status(Status(StatusCode.ERROR, "busy"))
            else:
                span.set_attribute("http.response.status_code", 201)
            span.end()
        return not failing

    for number in range(ADMISSIONS):
        saga = {"saga__id": f"admission-{number}", "saga__name": "admit patient", "saga__type": "orchestration"}
        patient = f"patient-{number}"
        root = desk.span("POST /admissions", SpanKind.SERVER, None, http__request__method="POST", http__route="/admissions", patient__id=patient)
        root.set_attribute("correlation.id", patient)
        done["traces"].append(format(root.get_span_context().trace_id, "032x"))
        plain = {key.replace("__", "."): value for key, value in saga.items()}
        root.add_event("saga.started", plain)

        def step(name, index, work, kind="action", failure="technical"):
            span = desk.span(
                name, SpanKind.INTERNAL, root, **saga, saga__step__name=name, saga__step__index=index, saga__step__kind=kind
            )
            succeeded = work(span)
            span.set_attribute("saga.step.outcome", "succeeded" if succeeded else "failed")
            if not succeeded:
                span.set_attribute("saga.step.failure.kind", failure)
                span.set_status(Status(StatusCode.ERROR, f"{name} failed"))
            span.end()
            return succeeded

        lab_is_down = 5 <= number < 11
        step("assign bed", 0, lambda span: called(desk, wards, "POST /beds", span))
        sampled = step(
            "take sample",
            1,
            lambda span: breaker.call(span, lambda: called(wards, lab, "POST /samples", span, failing=lab_is_down)),
        )
        if number == ADMISSIONS - 1:
            # Nobody ever opens the account: this one stays as it is.
            done["stuck"].append(saga["saga__id"])
        elif sampled and step("open account", 2, lambda span: called(desk, billing, "POST /accounts", span)):
            root.add_event("saga.completed", plain)
            done["completed"].append(saga["saga__id"])
            announce = desk.span("publish admitted", SpanKind.PRODUCER, root, messaging__system="rabbitmq", messaging__destination__name="admitted")
            announce.end()
            greet = billing.span("process admitted", SpanKind.CONSUMER, announce, messaging__system="rabbitmq", messaging__destination__name="admitted", patient__id=patient)
            greet.end()
        else:
            step("assign bed", 0, lambda span: called(desk, wards, "DELETE /beds", span), kind="compensation")
            root.add_event("saga.compensated", plain)
            done["compensated"].append(saga["saga__id"])
        beds.set(20 - number % 7, {"ward": "north"})
        waiting.record(RANDOM.uniform(0.1, 3), {"ward": "north"})
        root.set_attribute("http.response.status_code", 201)
        root.end()

    for service in (desk, wards, lab, billing):
        service.shutdown()
    print(json.dumps(done))


main()
