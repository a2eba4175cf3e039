export async function getServerSideProps({ params }) {
  console.log(`old ${params.id}`);
  return { props: { id: params.id } };
}
export default function Old({ id }) {
  return <p>{id}</p>;
}
