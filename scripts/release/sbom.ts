import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import type { Package } from '../licenses/package.ts';

/** A package that the executables contain, with the hash that the registry has of it. */
export type Contained = Pick<Package, 'name' | 'version' | 'license'> & {
  /** As package-lock.json has it; Node has one for each platform. */
  integrity: string | null;
  /** Where it comes from, as a package URL. */
  purl: string;
};

/** The bill of materials of a release, as CycloneDX 1.6. The same each time: it has no time and no serial number. */
export function billOfMaterials(
  program: { name: string; version: string; commit: string; license: string },
  contained: readonly Contained[],
): string {
  const root = new Models.Component(Enums.ComponentType.Application, program.name, {
    version: program.version,
    bomRef: program.name,
    purl: `pkg:npm/${program.name}@${program.version}`,
    properties: new Models.PropertyRepository([new Models.Property('commit', program.commit)]),
    licenses: new Models.LicenseRepository([new Models.SpdxLicense(program.license)]),
  });
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: root }) });
  for (const { name, version, license, integrity, purl } of contained) {
    const type = name === NODE ? Enums.ComponentType.Platform : Enums.ComponentType.Library;
    const component = new Models.Component(type, name, {
      ...{ version, purl, bomRef: purl },
      licenses: new Models.LicenseRepository([new Models.SpdxLicense(license)]),
      hashes: new Models.HashDictionary(integrity === null ? [] : [[Enums.HashAlgorithm['SHA-512'], hex(integrity)]]),
    });
    bom.components.add(component);
    root.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

const hex = (integrity: string): string => Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');

/** What `nodeItself` calls it. */
const NODE = 'Node.js';
