import { instantText } from '../time/instant-text.js';

/** The table behind a chart, for those who cannot see it. */
export function ChartTable({
  label,
  columns,
  rows,
}: {
  label: string;
  columns: readonly string[];
  rows: readonly { at: number; cells: readonly string[] }[];
}) {
  return (
    <div className="srOnly">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 120).map((row) => (
            <tr key={row.at}>
              <th scope="row">{instantText(row.at)}</th>
              {row.cells.map((cell, index) => (
                <td key={columns[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
