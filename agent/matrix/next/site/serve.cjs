// The standalone server on a free port, which it then says as every application of the matrix does.
const { connect, createServer } = require('node:net');

const free = createServer().listen(0, '127.0.0.1', () => {
  const { port } = free.address();
  free.close(() => {
    process.env.PORT = String(port);
    process.env.HOSTNAME = '127.0.0.1';
    require('./server.js');
    const knock = () => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        console.log(`listening ${port}`);
      });
      socket.on('error', () => setTimeout(knock, 50));
    };
    knock();
  });
});
