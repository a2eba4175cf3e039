import start = require('./start.js');

// Preloaded (`node --require @orrery/agent/register app.js`), so it acts on import: the one file of the package that may.
start.startAgent(__dirname);
