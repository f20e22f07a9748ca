// Create an index, add documents, commit, search, print.

import PersianIndex

let folder = "news.index"
let schema = Schema(.text("title", weight: 2), .text("body"), .date("published"))
let index = try SearchIndex.create(at: folder, schema: schema)

try index.write { writer in
  try writer.update(
    Document(
      key: "mehr/1",
      [
        "title": "نشست تعاون‌گران",
        "body": "اتحادیه‌ها و نمایندگان تعاونی‌ها از کار و رفاه گفتند.",
      ]))
}  // committed here, or rolled back where the closure throws

let searcher = try index.searcher()
for hit in try searcher.search("اتحادیه های تعاونی", limit: 10) {
  print(hit.rank, hit.key, hit["title"] ?? "", hit.snippet(of: "body"))
}
