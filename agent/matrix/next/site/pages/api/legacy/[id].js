export default function handler(request, response) {
  console.log(`legacy ${request.query.id}`);
  response.json({ id: request.query.id });
}
