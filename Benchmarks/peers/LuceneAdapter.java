// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.BiConsumer;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;

/** Lucene behind the protocol of Benchmarks/README.md. */
public final class LuceneAdapter {
  private static final String BODY = "body";
  private static final String ORDINAL = "ordinal";

  private final Map<String, String> options = new HashMap<>();

  public static void main(String[] words) throws Exception {
    LuceneAdapter adapter = new LuceneAdapter();
    for (int i = 1; i + 1 < words.length; i += 2) {
      adapter.options.put(words[i].substring(2), words[i + 1]);
    }
    if (words[0].equals("build")) {
      adapter.build();
    } else {
      adapter.new Searching().run();
    }
  }

  private long number(String name, long otherwise) {
    return Long.parseLong(options.getOrDefault(name, Long.toString(otherwise)));
  }

  private boolean analysesItself() {
    return options.getOrDefault("mode", "pre").equals("native");
  }

  private Analyzer analyzer() {
    return analysesItself() ? new PersianAnalyzer() : new WhitespaceAnalyzer();
  }

  private static double secondsSince(long nanoseconds) {
    return (System.nanoTime() - nanoseconds) / 1e9;
  }

  // Building

  /** One thread's reusable document. */
  private final class Feeder {
    private final Document document = new Document();
    private final Field body;
    private final NumericDocValuesField ordinal = new NumericDocValuesField(ORDINAL, 0);
    private final IndexWriter writer;

    Feeder(IndexWriter writer) {
      this.writer = writer;
      FieldType type = new FieldType(TextField.TYPE_NOT_STORED);
      type.setStored(number("stored", 0) == 1);
      type.freeze();
      body = new Field(BODY, "", type);
      document.add(body);
      document.add(ordinal);
    }

    void add(String line) throws IOException {
      int tab = line.indexOf('\t');
      ordinal.setLongValue(Long.parseLong(line, 0, tab, 10));
      body.setStringValue(line.substring(tab + 1));
      writer.addDocument(document);
    }
  }

  private void build() throws Exception {
    Path folder = Path.of(options.get("index"));
    if (Files.exists(folder)) {
      try (var paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    int threads = (int) number("threads", 1);
    IndexWriterConfig configuration =
        new IndexWriterConfig(analyzer())
            .setSimilarity(new BM25Similarity())
            .setRAMBufferSizeMB(number("ram-mb", 256))
            .setUseCompoundFile(false);
    if (threads == 1) {
      configuration.setMergeScheduler(new SerialMergeScheduler());
    }
    long started = System.nanoTime();
    try (var directory = new MMapDirectory(folder);
        var writer = new IndexWriter(directory, configuration);
        var lines = Files.newBufferedReader(Path.of(options.get("docs")))) {
      long documents = threads == 1 ? addAll(lines, writer) : addAll(lines, writer, threads);
      writer.commit();
      double indexed = secondsSince(started);
      long mergeStarted = System.nanoTime();
      if (number("merge", 1) == 1) {
        writer.forceMerge(1);
        writer.commit();
      }
      double merged = secondsSince(mergeStarted);
      int segments;
      try (var reader = DirectoryReader.open(writer)) {
        segments = reader.leaves().size();
      }
      System.out.printf(
          Locale.ROOT,
          "{\"engine\":\"lucene\",\"version\":\"%s\",\"docs\":%d,\"segments\":%d,"
              + "\"seconds\":{\"index\":%.3f,\"merge\":%.3f}}%n",
          Version.LATEST, documents, segments, indexed, merged);
    }
  }

  private long addAll(BufferedReader lines, IndexWriter writer) throws IOException {
    Feeder feeder = new Feeder(writer);
    long count = 0;
    for (String line; (line = lines.readLine()) != null; count++) {
      feeder.add(line);
    }
    return count;
  }

  private long addAll(BufferedReader lines, IndexWriter writer, int threads) throws Exception {
    List<String> end = new ArrayList<>();
    var queue = new ArrayBlockingQueue<List<String>>(4 * threads);
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread worker =
          new Thread(
              () -> {
                try {
                  Feeder feeder = new Feeder(writer);
                  for (List<String> batch; (batch = queue.take()) != end; ) {
                    for (String line : batch) {
                      feeder.add(line);
                    }
                  }
                } catch (Exception failure) {
                  failure.printStackTrace();
                  System.exit(1);
                }
              });
      worker.start();
      workers.add(worker);
    }
    long count = 0;
    List<String> batch = new ArrayList<>();
    for (String line; (line = lines.readLine()) != null; count++) {
      batch.add(line);
      if (batch.size() == 50) {
        queue.put(batch);
        batch = new ArrayList<>();
      }
    }
    if (!batch.isEmpty()) {
      queue.put(batch);
    }
    for (int i = 0; i < threads; i++) {
      queue.put(end);
    }
    for (Thread worker : workers) {
      worker.join();
    }
    return count;
  }

  // Searching

  private final class Searching {
    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private final Analyzer analyzer = analyzer();
    private final boolean analyses = analysesItself();
    private final double openedIn;
    private final PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    /** Keeps the compiler from dropping work whose result nobody looks at. */
    private long sink;

    Searching() throws IOException {
      long started = System.nanoTime();
      reader = DirectoryReader.open(new MMapDirectory(Path.of(options.get("index"))));
      searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      searcher.setSimilarity(new BM25Similarity());
      openedIn = secondsSince(started) * 1e3;
    }

    /** Calls `use` with each term of a text and its position. */
    private void analyze(String text, BiConsumer<String, Integer> use) throws IOException {
      if (!analyses) {
        int position = 0;
        for (String term : text.split(" ")) {
          use.accept(term, position++);
        }
        return;
      }
      try (TokenStream stream = analyzer.tokenStream(BODY, text)) {
        var term = stream.addAttribute(CharTermAttribute.class);
        var increment = stream.addAttribute(PositionIncrementAttribute.class);
        int position = -1;
        stream.reset();
        while (stream.incrementToken()) {
          position += increment.getPositionIncrement();
          use.accept(term.toString(), position);
        }
        stream.end();
      }
    }

    private Query compile(String text) throws IOException {
      if (text.startsWith("\"")) {
        PhraseQuery.Builder phrase = new PhraseQuery.Builder();
        analyze(
            text.substring(1, text.length() - 1),
            (term, position) -> phrase.add(new Term(BODY, term), position));
        return phrase.build();
      }
      Occur occur = text.startsWith("+") ? Occur.MUST : Occur.SHOULD;
      List<String> terms = new ArrayList<>();
      for (String word : text.split(" ")) {
        analyze(
            word.startsWith("+") ? word.substring(1) : word,
            (term, position) -> terms.add(term));
      }
      if (terms.size() == 1) {
        return new TermQuery(new Term(BODY, terms.get(0)));
      }
      BooleanQuery.Builder all = new BooleanQuery.Builder();
      for (String term : terms) {
        all.add(new TermQuery(new Term(BODY, term)), occur);
      }
      return all.build();
    }

    private TopDocs top(String command, String text) throws IOException {
      boolean counts = command.endsWith("COUNT");
      int limit = Integer.parseInt(command.split("_")[1]);
      var collector =
          TopScoreDocCollector.create(limit, counts ? Integer.MAX_VALUE : limit);
      searcher.search(compile(text), collector);
      return collector.topDocs();
    }

    private long answer(String command, String text) throws IOException {
      if (command.equals("COUNT")) {
        return searcher.count(compile(text));
      }
      TopDocs found = top(command, text);
      return command.endsWith("COUNT") ? found.totalHits.value : found.scoreDocs.length;
    }

    private String hits(String text) throws IOException {
      StringBuilder json = new StringBuilder(",\"top\":[");
      String separator = "";
      for (ScoreDoc hit : top("TOP_10", text).scoreDocs) {
        LeafReaderContext leaf =
            reader.leaves().get(ReaderUtil.subIndex(hit.doc, reader.leaves()));
        NumericDocValues ordinals = leaf.reader().getNumericDocValues(ORDINAL);
        ordinals.advanceExact(hit.doc - leaf.docBase);
        json.append(
            String.format(
                Locale.ROOT, "%s[%d,%.5f]", separator, ordinals.longValue(), hit.score));
        separator = ",";
      }
      return json.append(']').toString();
    }

    void run() throws IOException {
      out.printf(
          Locale.ROOT,
          "{\"meta\":{\"engine\":\"lucene\",\"version\":\"%s\",\"docs\":%d,\"segments\":%d,"
              + "\"open_ms\":%.3f,\"java\":\"%s\"}}%n",
          Version.LATEST, reader.numDocs(), reader.leaves().size(), openedIn, Runtime.version());
      Map<String, List<String>> classes = new LinkedHashMap<>();
      for (String line : Files.readAllLines(Path.of(options.get("queries")))) {
        int tab = line.indexOf('\t');
        classes
            .computeIfAbsent(line.substring(0, tab), name -> new ArrayList<>())
            .add(line.substring(tab + 1));
      }
      String commands = options.getOrDefault("commands", "TOP_10,TOP_100,COUNT,TOP_10_COUNT");
      for (String command : commands.split(",")) {
        long started = System.nanoTime();
        for (long pass = 0; pass < number("warmup", 10); pass++) {
          if (pass > 1 && secondsSince(started) > 60) {
            break;
          }
          for (List<String> queries : classes.values()) {
            for (String query : queries) {
              sink += answer(command, query);
            }
          }
        }
        for (var entry : classes.entrySet()) {
          time(command, entry.getKey(), entry.getValue());
        }
      }
      out.flush();
      if (sink == Long.MIN_VALUE) {
        System.err.println();
      }
    }

    private void time(String command, String name, List<String> queries) throws IOException {
      int most = (int) number("max-passes", 15);
      double budget = number("budget-ms", 1500) / 1e3;
      double[][] micros = new double[queries.size()][most];
      long[] counts = new long[queries.size()];
      long started = System.nanoTime();
      int passes = 0;
      while (passes < most
          && (passes < number("min-passes", 3) || secondsSince(started) < budget)) {
        for (int i = 0; i < counts.length; i++) {
          long before = System.nanoTime();
          counts[i] = answer(command, queries.get(i));
          micros[i][passes] = (System.nanoTime() - before) / 1e3;
        }
        passes++;
      }
      for (int i = 0; i < counts.length; i++) {
        double[] sorted = Arrays.copyOf(micros[i], passes);
        Arrays.sort(sorted);
        String query = queries.get(i).replace("\\", "\\\\").replace("\"", "\\\"");
        out.printf(
            Locale.ROOT,
            "{\"class\":\"%s\",\"command\":\"%s\",\"query\":\"%s\",\"count\":%d,"
                + "\"micros\":%.3f,\"best\":%.3f,\"passes\":%d%s}%n",
            name, command, query, counts[i], sorted[passes / 2], sorted[0], passes,
            command.equals("TOP_10") ? hits(queries.get(i)) : "");
      }
    }
  }
}
