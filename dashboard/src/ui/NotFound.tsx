import { Door } from './Door.js';
import { EmptyView } from './EmptyView.js';

export function NotFound() {
  return (
    <EmptyView title="There is no such page" why="The address leads nowhere; perhaps it was cut when it was copied.">
      <Door to="/">Go to the overview</Door>
    </EmptyView>
  );
}
