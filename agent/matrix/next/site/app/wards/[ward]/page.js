export const dynamic = 'force-dynamic';

export default async function Ward({ params }) {
  const { ward } = await params;
  console.log(`ward ${ward}`);
  if (ward === 'broken') throw new TypeError('no such ward');
  return <p>{ward}</p>;
}
