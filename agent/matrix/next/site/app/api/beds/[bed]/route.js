export async function GET(request, { params }) {
  const { bed } = await params;
  console.log(`bed ${bed}`);
  if (bed === 'broken') throw new TypeError('no such bed');
  return Response.json({ bed });
}
