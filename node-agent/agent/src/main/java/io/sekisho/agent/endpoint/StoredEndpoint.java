package io.sekisho.agent.endpoint;

import io.sekisho.policy.Identity;

/**
 * An endpoint as its state file or the cluster store knows it.
 *
 * @param spec what it shall be
 * @param identity the last that was known
 */
record StoredEndpoint(EndpointSpec spec, Identity identity) {}
