import { FORMAT, FORMAT_VERSION, type Header } from '../../src/cluster/input/snapshot/format.ts';
import type { ControlPlane } from '../../test/helpers/control-plane.ts';
import { tellCompany } from './company.ts';
import { readCluster } from './dump.ts';
import { tellGrants } from './grants.ts';
import { readFacts } from './header.ts';
import { tellNamespaces } from './namespaces.ts';
import { tellPolicies } from './policies.ts';
import { tellShop } from './shop.ts';
import { stage } from './stage.ts';
import { Story } from './story.ts';
import { tellSystem } from './system.ts';

/**
 * The demo file, made on a fresh control plane that knows `CALLER`: a JSON array of the records of a snapshot, one a
 * line.
 */
export async function demoFile(plane: ControlPlane): Promise<string> {
  const story = new Story();
  tellSystem(story);
  tellNamespaces(story);
  tellShop(story);
  tellCompany(story);
  tellPolicies(story);
  tellGrants(story);
  await stage(plane, story);
  const header: Header = { format: FORMAT, version: FORMAT_VERSION, facts: await readFacts(plane) };
  const records = [header, ...(await readCluster(plane, story)), { record: 'end' }];
  return `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`;
}
