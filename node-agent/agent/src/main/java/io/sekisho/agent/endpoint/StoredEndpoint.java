package io.sekisho.agent.endpoint;

import io.sekisho.policy.Identity;
import java.util.Optional;

/**
 * An endpoint as its state file or the cluster store knows it.
 *
 * @param spec what it shall be
 * @param identity the last that was known
 * @param auditSet what an operator said about audit
 */
record StoredEndpoint(EndpointSpec spec, Identity identity, Optional<Boolean> auditSet) {}
