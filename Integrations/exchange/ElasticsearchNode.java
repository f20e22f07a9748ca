// SPDX-License-Identifier: Apache-2.0
//
// Runs a node of Elasticsearch from a jar that holds its server but not its network modules: the HTTP
// server is the one of the JDK, and between nodes there is nothing, because there is one. Requests
// pass through Elasticsearch's own REST layer. Prints the port of 127.0.0.1 when it is ready, and ends
// when its standard input does.
//
// usage: java --add-opens … -cp JAR ElasticsearchNode.java FOLDER   (see elasticsearch.py)

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassVisitor;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.MethodVisitor;
import jdk.internal.org.objectweb.asm.Opcodes;
import org.apache.lucene.search.Query;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.common.bytes.BytesArray;
import org.elasticsearch.common.bytes.BytesReference;
import org.elasticsearch.common.component.AbstractLifecycleComponent;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.lease.Releasable;
import org.elasticsearch.common.network.NetworkService;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.transport.BoundTransportAddress;
import org.elasticsearch.common.transport.TransportAddress;
import org.elasticsearch.common.util.BigArrays;
import org.elasticsearch.common.util.PageCacheRecycler;
import org.elasticsearch.common.xcontent.NamedXContentRegistry;
import org.elasticsearch.http.AbstractHttpServerTransport;
import org.elasticsearch.http.HttpChannel;
import org.elasticsearch.http.HttpRequest;
import org.elasticsearch.http.HttpResponse;
import org.elasticsearch.http.HttpServerChannel;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.indices.breaker.CircuitBreakerService;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.NetworkPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.threadpool.ThreadPool;
import org.elasticsearch.transport.ConnectTransportException;
import org.elasticsearch.transport.ConnectionProfile;
import org.elasticsearch.transport.RequestHandlerRegistry;
import org.elasticsearch.transport.Transport;
import org.elasticsearch.transport.TransportMessageListener;
import org.elasticsearch.transport.TransportRequest;
import org.elasticsearch.transport.TransportStats;

public final class ElasticsearchNode extends Node {
  private ElasticsearchNode(Settings settings) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "exchange"),
        List.of(Network.class),
        true);
  }

  public static void main(String[] words) throws Exception {
    allowOverride();
    var settings =
        Settings.builder()
            .put("path.home", Path.of(words[0]).toAbsolutePath().toString())
            .put("discovery.type", "single-node")
            .put("transport.type", "alone")
            .put("http.type", "jdk")
            .put("http.port", "0")
            .put("network.host", "127.0.0.1")
            // The disk is the user's business.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    var node = new ElasticsearchNode(settings).start();
    var address = node.injector().getInstance(HttpServerTransport.class).boundAddress();
    System.out.println(address.publishAddress().getPort());
    System.in.readAllBytes();
    // Its data is thrown away, so nothing has to be closed.
    Runtime.getRuntime().halt(0);
  }

  /**
   * Loads Lucene's IndexSearcher with a method that is not final.
   *
   * <p>The jar has Elasticsearch 7.0, made for Lucene 8.0, and Lucene 8.3, where a method that this
   * Elasticsearch overrides became final and is no longer called. Without it no node starts.
   */
  private static void allowOverride() throws Exception {
    try (var bytes = Query.class.getResourceAsStream("IndexSearcher.class")) {
      var writer = new ClassWriter(0);
      var open =
          new ClassVisitor(Opcodes.ASM8, writer) {
            @Override
            public MethodVisitor visitMethod(
                int access, String name, String type, String signature, String[] exceptions) {
              int changed = name.equals("termStatistics") ? access & ~Opcodes.ACC_FINAL : access;
              return super.visitMethod(changed, name, type, signature, exceptions);
            }
          };
      new ClassReader(bytes).accept(open, 0);
      MethodHandles.privateLookupIn(Query.class, MethodHandles.lookup())
          .defineClass(writer.toByteArray());
    }
  }

  /** Offers the two transports, as the engine's own network modules do. */
  public static final class Network extends Plugin implements NetworkPlugin {
    @Override
    public Map<String, Supplier<Transport>> getTransports(
        Settings settings,
        ThreadPool threads,
        PageCacheRecycler recycler,
        CircuitBreakerService breakers,
        NamedWriteableRegistry writeables,
        NetworkService network) {
      return Map.of("alone", Alone::new);
    }

    @Override
    public Map<String, Supplier<HttpServerTransport>> getHttpTransports(
        Settings settings,
        ThreadPool threads,
        BigArrays arrays,
        PageCacheRecycler recycler,
        CircuitBreakerService breakers,
        NamedXContentRegistry contents,
        NetworkService network,
        HttpServerTransport.Dispatcher dispatcher) {
      return Map.of("jdk", () -> new Http(settings, network, arrays, threads, contents, dispatcher));
    }
  }

  /** The transport of a node that has no other to talk to; what it sends to itself needs none. */
  static final class Alone extends AbstractLifecycleComponent implements Transport {
    private final Map<String, RequestHandlerRegistry<? extends TransportRequest>> handlers =
        new ConcurrentHashMap<>();
    private final ResponseHandlers responses = new ResponseHandlers();
    private final TransportAddress address =
        new TransportAddress(InetAddress.getLoopbackAddress(), 0);

    @Override
    public <R extends TransportRequest> void registerRequestHandler(RequestHandlerRegistry<R> r) {
      handlers.put(r.getAction(), r);
    }

    @Override
    public RequestHandlerRegistry<? extends TransportRequest> getRequestHandler(String action) {
      return handlers.get(action);
    }

    @Override
    public void addMessageListener(TransportMessageListener listener) {}

    @Override
    public boolean removeMessageListener(TransportMessageListener listener) {
      return false;
    }

    @Override
    public BoundTransportAddress boundAddress() {
      return new BoundTransportAddress(new TransportAddress[] {address}, address);
    }

    @Override
    public Map<String, BoundTransportAddress> profileBoundAddresses() {
      return Map.of();
    }

    @Override
    public TransportAddress[] addressesFromString(String text, int limit) {
      return new TransportAddress[0];
    }

    @Override
    public List<String> getLocalAddresses() {
      return List.of();
    }

    @Override
    public Releasable openConnection(
        DiscoveryNode node, ConnectionProfile profile, ActionListener<Connection> listener) {
      listener.onFailure(new ConnectTransportException(node, "this node is alone"));
      return () -> {};
    }

    @Override
    public TransportStats getStats() {
      return new TransportStats(0, 0, 0, 0, 0);
    }

    @Override
    public ResponseHandlers getResponseHandlers() {
      return responses;
    }

    @Override
    protected void doStart() {}

    @Override
    protected void doStop() {}

    @Override
    protected void doClose() {}
  }

  /** Elasticsearch's REST layer behind the HTTP server of the JDK. */
  static final class Http extends AbstractHttpServerTransport {
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private HttpServer server;

    Http(
        Settings settings,
        NetworkService network,
        BigArrays arrays,
        ThreadPool threads,
        NamedXContentRegistry contents,
        Dispatcher dispatcher) {
      super(settings, network, arrays, threads, contents, dispatcher);
    }

    @Override
    protected HttpServerChannel bind(InetSocketAddress address) throws IOException {
      server = HttpServer.create(address, 0);
      server.setExecutor(pool);
      server.createContext("/", this::handle);
      server.start();
      return new ServerChannel(server.getAddress());
    }

    private void handle(HttpExchange exchange) throws IOException {
      var request = new Request(exchange, new BytesArray(exchange.getRequestBody().readAllBytes()));
      var answered = new CountDownLatch(1);
      incomingRequest(request, new ExchangeChannel(exchange, answered));
      try {
        // The engine answers on a thread of its own.
        answered.await();
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    protected void doStart() {
      bindServer();
    }

    @Override
    protected void stopInternal() {
      server.stop(0);
      pool.shutdown();
    }
  }

  /** What Elasticsearch's interfaces for channels share. */
  abstract static class Channel {
    private volatile boolean isOpen = true;

    public void close() {
      isOpen = false;
    }

    public void addCloseListener(ActionListener<Void> listener) {}

    public boolean isOpen() {
      return isOpen;
    }
  }

  static final class ServerChannel extends Channel implements HttpServerChannel {
    private final InetSocketAddress address;

    ServerChannel(InetSocketAddress address) {
      this.address = address;
    }

    @Override
    public InetSocketAddress getLocalAddress() {
      return address;
    }
  }

  /** The way back of one request. */
  static final class ExchangeChannel extends Channel implements HttpChannel {
    private final HttpExchange exchange;
    private final CountDownLatch answered;

    ExchangeChannel(HttpExchange exchange, CountDownLatch answered) {
      this.exchange = exchange;
      this.answered = answered;
    }

    @Override
    public void sendResponse(HttpResponse response, ActionListener<Void> listener) {
      try (exchange) {
        var answer = (Response) response;
        exchange.getResponseHeaders().putAll(answer.headers);
        exchange.getResponseHeaders().remove("content-length");
        boolean isEmpty = answer.content.length() == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(
            answer.status.getStatus(), isEmpty ? -1 : answer.content.length());
        if (!isEmpty) {
          answer.content.writeTo(exchange.getResponseBody());
        }
        listener.onResponse(null);
      } catch (IOException error) {
        listener.onFailure(error);
      } finally {
        answered.countDown();
      }
    }

    @Override
    public InetSocketAddress getLocalAddress() {
      return exchange.getLocalAddress();
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
      return exchange.getRemoteAddress();
    }
  }

  record Request(HttpExchange exchange, BytesReference content) implements HttpRequest {
    @Override
    public RestRequest.Method method() {
      return RestRequest.Method.valueOf(exchange.getRequestMethod());
    }

    @Override
    public String uri() {
      return exchange.getRequestURI().toString();
    }

    @Override
    public Map<String, List<String>> getHeaders() {
      return exchange.getRequestHeaders();
    }

    @Override
    public List<String> strictCookies() {
      return List.of();
    }

    @Override
    public HttpVersion protocolVersion() {
      return HttpVersion.HTTP_1_1;
    }

    @Override
    public HttpRequest removeHeader(String name) {
      exchange.getRequestHeaders().remove(name);
      return this;
    }

    @Override
    public HttpResponse createResponse(RestStatus status, BytesReference content) {
      return new Response(status, content, new ConcurrentHashMap<>());
    }
  }

  record Response(RestStatus status, BytesReference content, Map<String, List<String>> headers)
      implements HttpResponse {
    @Override
    public void addHeader(String name, String value) {
      headers.put(name, List.of(value));
    }

    @Override
    public boolean containsHeader(String name) {
      return headers.containsKey(name);
    }
  }
}
