/// What a screen reader would stumble over in a page.
struct AccessibilityLint {
    private(set) var complaints: [String] = []

    init(_ html: String) {
        let visible = html.replacing(#/(?s)<!--.*?-->/#, with: "")
        if visible.firstMatch(of: #/<html lang="[a-z]+"/#) == nil { complaints.append("no language") }
        if visible.firstMatch(of: #/<title>[^<]+<\/title>/#) == nil { complaints.append("no title") }
        if visible.firstMatch(of: #/<meta name="viewport"/#) == nil { complaints.append("no viewport") }
        let headings = visible.matches(of: #/<h1[ >]/#).count
        if headings != 1 { complaints.append("\(headings) main headings") }
        if visible.matches(of: #/<main[ >]/#).count != 1 { complaints.append("not one main") }
        for image in visible.matches(of: #/<img [^>]*>/#) where !image.0.contains(" alt=") {
            complaints.append("no alt: \(image.0)")
        }
        for drawing in visible.matches(of: #/<svg [^>]*>/#)
        where !drawing.0.contains("aria-hidden=\"true\"") && !drawing.0.contains("role=\"img\"")
            && !visible[..<drawing.range.lowerBound].hasSuffix("aria-hidden=\"true\">")
        {
            complaints.append("drawing without a role: \(drawing.0)")
        }
        checkLabels(visible)
        checkIDs(visible)
        checkNames(visible)
        checkHeadingOrder(visible)
    }

    private mutating func checkLabels(_ html: String) {
        let labelled = Set(html.matches(of: #/<label[^>]* for="([^"]+)"/#).map { String($0.1) })
        // A label names what stands within it, if it has words besides.
        let open = html.replacing(#/(?s)<label(?![^>]* for=)[^>]*>.*?<\/label>/#) { label in
            let words = label.output.replacing(#/(?s)<select.*?<\/select>|<[^>]*>/#, with: "")
            return words.allSatisfy(\.isWhitespace) ? label.output : ""
        }
        for control in open.matches(of: #/<(?:input|select|textarea)[ >][^>]*>/#) {
            let tag = control.0
            if tag.contains("type=\"hidden\"") || tag.contains("aria-label") { continue }
            let id = tag.firstMatch(of: #/ id="([^"]+)"/#).map { String($0.1) } ?? ""
            // The readout of the page without a script is described by the summary that opens it.
            if tag.contains("data-testid=\"session-id\"") && tag.contains("readonly") && id.isEmpty { continue }
            if !labelled.contains(id) { complaints.append("no label: \(tag)") }
        }
    }

    private mutating func checkIDs(_ html: String) {
        var seen: Set<String> = []
        for id in html.matches(of: #/ id="([^"]+)"/#).map({ String($0.1) }) where !seen.insert(id).inserted {
            complaints.append("id twice: \(id)")
        }
        for reference in html.matches(of: #/ (?:for|aria-labelledby|aria-describedby|aria-controls)="([^"]+)"/#) {
            for id in reference.1.split(separator: " ") where !seen.contains(String(id)) {
                complaints.append("nothing has the id \(id)")
            }
        }
    }

    private mutating func checkNames(_ html: String) {
        for element in html.matches(of: #/(?s)<(a|button)( [^>]*)?>(.*?)<\/(?:a|button)>/#) {
            let text = element.3.replacing(#/<[^>]*>/#, with: "").filter { !$0.isWhitespace }
            if text.isEmpty, element.2?.contains("aria-label") != true { complaints.append("no name: \(element.0)") }
        }
    }

    private mutating func checkHeadingOrder(_ html: String) {
        var last = 0
        for heading in html.matches(of: #/<h([1-6])[ >]/#) {
            let level = Int(heading.1) ?? 0
            if level > last + 1 { complaints.append("heading \(level) after \(last)") }
            last = level
        }
    }
}
