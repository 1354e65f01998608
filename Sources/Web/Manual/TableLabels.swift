internal import Foundation

/// Tables whose cells carry their column's heading, for narrow screens on which each row stands by itself.
struct TableLabels {
    let html: String

    /// Takes HTML as cmark-gfm writes it: one `<th>` or `<td>` a line, text escaped.
    init(_ html: String) {
        var pieces = html.components(separatedBy: "<table>")
        for index in pieces.indices.dropFirst() {
            let parts = pieces[index].components(separatedBy: "</table>")
            guard parts.count == 2 else { continue }
            pieces[index] = Self.labelled(parts[0]) + "</table>" + parts[1]
        }
        self.html = pieces.joined(separator: "<table>")
    }

    private static func labelled(_ table: String) -> String {
        let headings = table.components(separatedBy: "<th").dropFirst(2).map(text)
        var rows = table.components(separatedBy: "<tr>")
        for index in rows.indices {
            var cells = rows[index].components(separatedBy: "<td")
            // The first cell names its row and needs no heading.
            for (cell, heading) in zip(cells.indices.dropFirst(2), headings.dropFirst()) {
                cells[cell] = " data-label=\"\(heading)\"\(cells[cell])"
            }
            rows[index] = cells.joined(separator: "<td")
        }
        return rows.joined(separator: "<tr>")
    }

    /// The words of `>Heading <code>x</code></th>…`, still escaped.
    private static func text(_ heading: String) -> String {
        let end = heading.range(of: "</th>")?.lowerBound ?? heading.endIndex
        let start = heading.firstIndex(of: ">").map(heading.index(after:)) ?? heading.startIndex
        guard start <= end else { return "" }
        var isTag = false
        return heading[start..<end].filter { character in
            if character == "<" { isTag = true }
            defer { if character == ">" { isTag = false } }
            return !isTag
        }
    }
}
