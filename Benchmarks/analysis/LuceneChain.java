// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedReader;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

/** Times Lucene's Persian chain over the lines of a UTF-8 file.
 *
 * <p>{@code LuceneChain FILE [passes]} */
public class LuceneChain {
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    int passes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    List<byte[]> lines = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line; (line = reader.readLine()) != null; ) {
        lines.add(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    double megabytes = Files.size(file) / 1e6;
    var clock = ManagementFactory.getThreadMXBean();
    try (Analyzer analyzer = new PersianAnalyzer()) {
      for (int pass = 0; pass < passes; pass++) {
        long start = clock.getCurrentThreadCpuTime();
        long tokens = 0, characters = 0;
        for (byte[] line : lines) {
          try (TokenStream stream = analyzer.tokenStream("text", new StringReader(new String(line, StandardCharsets.UTF_8)))) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.addAttribute(OffsetAttribute.class);
            stream.addAttribute(PositionIncrementAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
              tokens++;
              characters += term.length();
            }
            stream.end();
          }
        }
        double seconds = (clock.getCurrentThreadCpuTime() - start) / 1e9;
        System.out.printf("%.1f MB/s, %d tokens%n", megabytes / seconds, tokens);
      }
    }
  }
}
