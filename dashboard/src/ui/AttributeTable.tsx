import type { Attributes, AttributeValue } from '@orrery/collector/api';
import { Minus, Plus } from 'lucide-react';
import styles from './AttributeTable.module.css';
import { CopyButton } from './CopyButton.js';
import { IconButton } from './IconButton.js';

/** Attributes in groups by the first part of their name. Values are text, whatever stands in them. */
export function AttributeTable({
  attributes,
  onFilter,
}: {
  attributes: Attributes;
  /** Offers "only these" and "not these" beside scalar values. */
  onFilter?: (name: string, value: string | number | boolean, wanted: boolean) => void;
}) {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return <p className={styles.none}>None.</p>;
  return (
    <dl className={styles.table}>
      {names.map((name) => {
        const value = attributes[name] ?? null;
        return (
          <div key={name} className={styles.row}>
            <dt title={name}>{name}</dt>
            <dd>
              <span className={styles.value}>{valueText(value)}</span>
              <span className={styles.actions}>
                {onFilter && isScalar(value) && (
                  <>
                    <IconButton label={`Only with this ${name}`} onClick={() => onFilter(name, value, true)}>
                      <Plus size={13} />
                    </IconButton>
                    <IconButton label={`Only without this ${name}`} onClick={() => onFilter(name, value, false)}>
                      <Minus size={13} />
                    </IconButton>
                  </>
                )}
                <CopyButton text={valueText(value)} label={`Copy the value of ${name}`} />
              </span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function isScalar(value: AttributeValue): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** Structured values as indented JSON. */
export function valueText(value: AttributeValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
