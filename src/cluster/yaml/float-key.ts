/**
 * A float as the key of a map, as sigs.k8s.io/yaml writes it by Go's strconv.FormatFloat(key, 'g', -1, 32): the
 * shortest text that identifies a 32-bit float, with an exponent below 1e-4 and from 1e6 on.
 */
export function keyOfFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single < 0 ? '-.inf' : '.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  const [digits = '', exponent = '0'] = shortest(single).split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 6) return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return plain(digits, power);
}

/** The number with an exponent, without zeros at the end. */
function shortest(value: number): string {
  for (let precision = 0; precision < 9; precision += 1) {
    const text = value.toExponential(precision);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(9);
}

function plain(digits: string, power: number): string {
  const sign = digits.startsWith('-') ? '-' : '';
  const all = digits.replace(/[-.]/g, '');
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${all}`;
  if (all.length <= power + 1) return sign + all.padEnd(power + 1, '0');
  return `${sign}${all.slice(0, power + 1)}.${all.slice(power + 1)}`;
}
