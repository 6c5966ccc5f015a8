// Which methods of the client were called and answered, and which ones there are.

const answered = new Set();

// observed is the same client, whose answered calls are remembered by path: crm.contacts.basicApi.create.
export function observed(target, path = '') {
  return new Proxy(target, {
    get(object, name) {
      const value = Reflect.get(object, name, object);
      if (typeof name === 'symbol' || name.startsWith('_')) return value;
      const here = path ? `${path}.${name}` : name;
      if (typeof value === 'function') {
        return async (...args) => {
          const answer = await value.apply(object, args);
          answered.add(here);
          return answer;
        };
      }
      return value !== null && typeof value === 'object' && name !== 'config' ? observed(value, here) : value;
    },
  });
}

export const wasAnswered = (method) => answered.has(method);

// methodsOf lists every method of every API class below a part of the client.
export function methodsOf(part, path) {
  const found = [];
  for (const name of members(part)) {
    const value = part[name];
    if (value === null || typeof value !== 'object') continue;
    const here = `${path}.${name}`;
    if (!name.endsWith('Api')) {
      found.push(...methodsOf(value, here));
      continue;
    }
    for (const method of members(value)) {
      if (typeof value[method] === 'function') found.push(`${here}.${method}`);
    }
  }
  return found;
}

// members are the names that an object has by itself or from its class, without those that begin with _.
function members(object) {
  const names = new Set(Object.keys(object));
  for (let proto = Object.getPrototypeOf(object); proto && proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
    Object.getOwnPropertyNames(proto).forEach((name) => names.add(name));
  }
  return [...names].filter((name) => !name.startsWith('_') && !['constructor', 'config', 'api', 'configuration'].includes(name));
}
