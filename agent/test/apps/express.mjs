import express from 'express';

const app = express();
app.get('/orders/:id', (req, res) => res.send(req.params.id));
const server = app.listen(0, () => console.log(`listening ${server.address().port}`));
