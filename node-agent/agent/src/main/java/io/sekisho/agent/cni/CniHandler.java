package io.sekisho.agent.cni;

import io.sekisho.agent.datapath.PodState;
import io.sekisho.agent.endpoint.EndpointException;
import io.sekisho.agent.endpoint.EndpointService;
import io.sekisho.agent.endpoint.Endpoints;
import io.sekisho.agent.endpoint.LocalEndpoint;
import io.sekisho.agent.loop.Ticker;
import io.sekisho.agent.metrics.Metrics;
import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResponse;
import io.sekisho.cni.wire.CniResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers CNI calls (specification 1.0 and 1.1). Any number of threads may call; calls block. */
public final class CniHandler {
  private final Endpoints endpoints;
  private final EndpointService service;
  private final PodSource pods;
  private final Supplier<Optional<String>> waitsFor;
  private final Supplier<Optional<String>> limited;
  private final Metrics metrics;
  private final Ticker ticker;

  /**
   * Works on the node's endpoints.
   *
   * @param pods knows more of pods than the runtime tells
   * @param waitsFor why ADD cannot be served now; empty if it can
   * @param limited why present pods may lack connectivity; empty if all is well
   */
  public CniHandler(
      Endpoints endpoints,
      EndpointService service,
      PodSource pods,
      Supplier<Optional<String>> waitsFor,
      Supplier<Optional<String>> limited,
      Metrics metrics,
      Ticker ticker) {
    this.endpoints = endpoints;
    this.service = service;
    this.pods = pods;
    this.waitsFor = waitsFor;
    this.limited = limited;
    this.metrics = metrics;
    this.ticker = ticker;
  }

  /** The answer to a call; never throws. */
  public CniResponse handle(CniRequest request) {
    long begun = ticker.nanos();
    CniResponse response;
    try {
      response = dispatch(request);
    } catch (CniException e) {
      response = CniResponse.failed(e.error());
    } catch (EndpointException e) {
      response = CniResponse.failed(new CniException(code(e.code()), text(e), e).error());
    } catch (RuntimeException e) {
      response = CniResponse.failed(new CniException(Code.IO_FAILURE, "failed: " + e, e).error());
    }
    int error = response.error().code();
    metrics.cni(request.command().name(), Duration.ofNanos(ticker.nanos() - begun), error);
    return response;
  }

  private CniResponse dispatch(CniRequest request) {
    if (request.command() == CniCommand.VERSION) {
      return CniResponse.done();
    }
    Requests.requireVersion(request);
    return switch (request.command()) {
      case ADD -> CniResponse.of(add(request));
      case DEL -> delete(request);
      case CHECK -> check(request);
      case GC -> collect(request);
      case STATUS -> status();
      case VERSION -> CniResponse.done();
    };
  }

  private CniResult add(CniRequest request) {
    var wanted = Requests.add(request);
    waitsFor
        .get()
        .ifPresent(
            reason -> {
              throw new CniException(Code.TRY_AGAIN_LATER, "not ready: " + reason);
            });
    return Results.of(request.cniVersion(), service.create(pods.complete(wanted)));
  }

  private CniResponse delete(CniRequest request) {
    service.remove(Requests.attachment(request));
    return CniResponse.done();
  }

  private CniResponse check(CniRequest request) {
    var attachment = Requests.attachment(request);
    LocalEndpoint endpoint =
        endpoints
            .find(attachment)
            .orElseThrow(
                () -> new CniException(Code.UNKNOWN_CONTAINER, attachment + " is not known"));
    if (!endpoint.spec().request().networkNamespace().equals(Requests.networkNamespace(request))) {
      throw new CniException(
          Code.CHECK_FAILED,
          "it is in the namespace " + endpoint.spec().request().networkNamespace());
    }
    if (request.previous().isEmpty()) {
      throw new CniException(Code.INVALID_CONFIGURATION, "CHECK needs prevResult");
    }
    PodState state =
        service
            .look(endpoint.spec())
            .orElseThrow(
                () ->
                    new CniException(
                        Code.CHECK_FAILED, "the interface of " + attachment + " is gone"));
    Results.check(request.previous(), endpoint, state);
    endpoint
        .realized()
        .error()
        .ifPresent(
            error -> {
              throw new CniException(Code.CHECK_FAILED, "its policy is not realized: " + error);
            });
    return CniResponse.done();
  }

  private CniResponse collect(CniRequest request) {
    service.retain(request.network(), Requests.valid(request));
    return CniResponse.done();
  }

  private CniResponse status() {
    return limited
        .get()
        .map(reason -> new CniException(Code.LIMITED_CONNECTIVITY, reason))
        .or(() -> waitsFor.get().map(reason -> new CniException(Code.NOT_AVAILABLE, reason)))
        .map(error -> CniResponse.failed(error.error()))
        .orElse(CniResponse.done());
  }

  private static String text(EndpointException e) {
    return String.valueOf(e.getMessage());
  }

  private static Code code(EndpointException.Code code) {
    return switch (code) {
      case ALREADY_ATTACHED -> Code.ALREADY_ATTACHED;
      case EXHAUSTED -> Code.ADDRESSES_EXHAUSTED;
      case WIRING_FAILED -> Code.WIRING_FAILED;
      case NOT_ADOPTABLE -> Code.INVALID_CONFIGURATION;
      case NO_RANGE, POD_UNKNOWN, NO_IDENTITY, NOT_REALIZED, TIMED_OUT -> Code.TRY_AGAIN_LATER;
      case STATE_NOT_WRITTEN -> Code.IO_FAILURE;
      case UNKNOWN -> Code.UNKNOWN_CONTAINER;
    };
  }

  /** Versions of the specification that are served, sorted. */
  public static List<String> versions() {
    return Requests.VERSIONS.stream().sorted().toList();
  }
}
