// Runs the pieces of the program, each when it is first required, with the code that was compiled for it before.
const v8 = require('node:v8');
const { Script } = require('node:vm');

/**
 * Returns what loads a piece by its name. `pieces` has for each name where its code and its cached code begin and end;
 * where there is no `cache`, all is compiled. `scripts` has those that were compiled, by name.
 */
exports.loaderOf = (pieces, { code, cache, scripts = new Map() }, own) => {
  const modules = new Map();
  /** How the program has set V8 (src/cli/run/heap.ts). */
  let flag;
  const load = (name) => {
    const known = modules.get(name);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const script = scripts.get(name) ?? compiled(name);
    scripts.set(name, script);
    script.runInThisContext()(module.exports, requireFrom, module, own.__filename, own.__dirname);
    // What is a function stays the same, and is found quicker without the getter that stands for it until now.
    for (const [key, value] of Object.entries(module.exports))
      if (typeof value === 'function') Object.defineProperty(module.exports, key, { value });
    return module.exports;
  };
  const compiled = (name) => {
    const { at, cached } = pieces[name];
    const cachedData = cached && cache?.subarray(...cached);
    // Cached code counts where all flags are as they were when it was made.
    if (flag) v8.setFlagsFromString(BY_DEFAULT);
    const script = new Script(code.latin1Slice(...at), { filename: name, cachedData });
    if (flag) v8.setFlagsFromString(flag);
    return script;
  };
  const setFlagsFromString = (text) => {
    flag = text;
    v8.setFlagsFromString(text);
  };
  const requireFrom = (id) => {
    if (id.startsWith('./')) return load(id.slice(2));
    return id === 'node:v8' ? { ...v8, setFlagsFromString } : own.require(id);
  };
  return load;
};

const BY_DEFAULT = '--heap-growing-percent=0';
