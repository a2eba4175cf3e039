/**
 * Well-known packages through which neither context nor log lines are followed, and what to do instead. What is not
 * listed here and not observed is work inside the process, which needs nothing.
 */
export const GAPS: Readonly<Record<string, string>> = {
  tslog: 'its lines are not collected; tslog can write through pino or the console',
  loglevel: 'its lines are collected as console output, without fields',
  signale: 'its lines are collected as console output, without fields',
  roarr: 'its lines are not collected',
  'node-rdkafka': 'messages carry no context; kafkajs does',
  '@confluentinc/kafka-javascript': 'messages carry no context; kafkajs does',
  rhea: 'AMQP 1.0 messages carry no context; amqplib (0.9.1) does',
  stompit: 'messages carry no context',
  zeromq: 'messages carry no context',
  nodemailer: 'mails are not spans; the connection to the server is seen only as what awaits it',
  'better-sqlite3': 'statements are not spans; they block the thread of the span above',
  sqlite3: 'statements are not spans',
  '@prisma/client': 'Prisma has an instrumentation of its own: register @prisma/instrumentation, it runs on this agent',
  typeorm: 'spans come from the driver below it',
  'node-fetch': 'seen as requests of node:http',
  axios: 'seen as requests of node:http',
  got: 'seen as requests of node:http',
};
