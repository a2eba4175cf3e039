import cli = require('./doctor/cli.js');

void cli.main(__dirname, process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
