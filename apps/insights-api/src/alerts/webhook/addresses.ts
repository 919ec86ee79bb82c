import { BlockList, isIP } from 'node:net';

/*
 * Addresses that are nobody else's
 *
 * A webhook's address is whatever an admin types, and the API stands inside the operator's network: it must not be talked
 * into calling what only stands open there (databases, cloud metadata, routers). So every address that is not plainly of
 * the public internet is internal, also where it hides an IPv4 address inside an IPv6 one. The list follows the IANA
 * special-purpose address registries.
 */

const INTERNAL_V4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8',
  '100.64.0.0/10', // shared by carriers
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local, cloud metadata
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24', // documentation
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
];

/** Of IPv6 only 2000::/3 is given out; these parts of it are special, or hide an IPv4 address. */
const INTERNAL_V6 = [
  '2001::/23', // Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
];

const v4 = listOf(INTERNAL_V4, 'ipv4');
const special = listOf(INTERNAL_V6, 'ipv6');
const given = listOf(['2000::/3'], 'ipv6');

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Whether an address may lead into the operator's own network. What is no address at all counts as one. */
export function isInternal(address: string): boolean {
  const [plain = ''] = address.split('%');
  const family = isIP(plain);
  if (family === 4) return v4.check(plain, 'ipv4');
  // ::ffff:10.0.0.1 and its like are outside 2000::/3, so they are internal whatever they hide.
  return family !== 6 || !given.check(plain, 'ipv6') || special.check(plain, 'ipv6');
}
