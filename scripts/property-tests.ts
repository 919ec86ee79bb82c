// What tests get as `fast-check`: the same, with a seed of the project's. A change is judged by the same examples as the
// one before it, so that what fails is the change; other examples are looked at on purpose, with SCORPIOX_TEST_SEED=random.
import fc from 'fast-check';

const FIXED_SEED = 20_260_321;

const asked = process.env.SCORPIOX_TEST_SEED;
const runs = process.env.SCORPIOX_TEST_RUNS;
fc.configureGlobal({
  ...(asked === 'random' ? {} : { seed: asked === undefined ? FIXED_SEED : Number(asked) }),
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
});

export * from 'fast-check';
export default fc;
