// SPDX-License-Identifier: Apache-2.0
//
// Indexes the `_bulk` lines of `searchctl export --format bulk` with Lucene, as OpenSearch and
// Elasticsearch would by the exported mapping (terms cut at white space), and prints the best
// documents of every query as a TREC run.
//
// usage: java -cp lucene.jar LuceneTop.java BULK QUERIES LIMIT K1 B > run.trec
//   QUERIES: a name, a tab, terms separated by spaces; terms joined by '+' are a phrase.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;

public final class LuceneTop {
  private static final String FIELD = "text_terms";

  public static void main(String[] words) throws Exception {
    var similarity = new BM25Similarity(Float.parseFloat(words[3]), Float.parseFloat(words[4]));
    var directory = new ByteBuffersDirectory();
    var config = new IndexWriterConfig(new WhitespaceAnalyzer(1_000_000));
    config.setSimilarity(similarity);
    var mapper = new ObjectMapper();
    try (var writer = new IndexWriter(directory, config);
        var lines = Files.newBufferedReader(Path.of(words[0]))) {
      for (String action = lines.readLine(); action != null; action = lines.readLine()) {
        String key = mapper.readTree(action).get("index").get("_id").asText();
        JsonNode source = mapper.readTree(lines.readLine());
        var document = new Document();
        document.add(new StringField("key", key, Field.Store.YES));
        if (source.has(FIELD)) {
          document.add(new TextField(FIELD, source.get(FIELD).asText(), Field.Store.NO));
        }
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
    var output = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (var reader = DirectoryReader.open(directory)) {
      var searcher = new IndexSearcher(reader);
      searcher.setSimilarity(similarity);
      for (String line : Files.readAllLines(Path.of(words[1]))) {
        String[] halves = line.split("\t", 2);
        int rank = 0;
        var fields = searcher.storedFields();
        for (ScoreDoc hit : searcher.search(query(halves[1]), Integer.parseInt(words[2])).scoreDocs) {
          rank += 1;
          String key = fields.document(hit.doc).get("key");
          output.println(halves[0] + " Q0 " + key + " " + rank + " " + hit.score + " lucene");
        }
      }
    }
    output.flush();
  }

  /** Any of the terms; one that is repeated counts as often. */
  private static Query query(String text) {
    var counts = new LinkedHashMap<String, Integer>();
    for (String unit : text.split(" ")) {
      if (!unit.isEmpty()) counts.merge(unit, 1, Integer::sum);
    }
    var query = new BooleanQuery.Builder();
    counts.forEach(
        (unit, count) -> {
          String[] terms = unit.split("\\+");
          Query clause =
              terms.length == 1
                  ? new TermQuery(new Term(FIELD, unit))
                  : new PhraseQuery(FIELD, terms);
          query.add(
              count == 1 ? clause : new BoostQuery(clause, count), BooleanClause.Occur.SHOULD);
        });
    return query.build();
  }
}
