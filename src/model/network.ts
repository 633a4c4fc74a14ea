import { BlockList, isIP, isIPv6 } from 'node:net';

/** Whether the text is an address, or a range of them in CIDR form. */
export function isNetwork(range: string): boolean {
  const [address = '', prefix, ...rest] = range.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** Whether an address is within one of the networks. */
export function isWithin(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) addNetwork(list, network);
  // A socket that listens on both families shows an IPv4 peer as ::ffff:a.b.c.d.
  const own = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return list.check(own, isIPv6(own) ? 'ipv6' : 'ipv4');
}

function addNetwork(list: BlockList, network: string) {
  const [address = '', prefix] = network.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (prefix === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(prefix), family);
}
