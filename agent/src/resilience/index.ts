/** Where the agent looks for a name that an application has given. */
const NAME = Symbol.for('orrery.policy.name');

/**
 * Gives a name to a policy of a library that has none (cockatiel), and answers the policy: `named('payments',
 * circuitBreaker(…))`. Without it the agent names a policy by the place it is first used at. Works without an agent.
 */
export function named<Policy extends object>(name: string, policy: Policy): Policy {
  Object.defineProperty(policy, NAME, { value: name, configurable: true });
  return policy;
}
