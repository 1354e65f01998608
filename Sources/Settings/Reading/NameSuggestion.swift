/// Finds what somebody may have meant.
enum NameSuggestion {
    /// The known name that is fewest edits away, where that is few enough for a slip of the fingers.
    static func closest(to name: String, among known: [String]) -> String? {
        let name = name.uppercased()
        guard name.count <= 100 else { return nil }
        return
            known.map { (name: $0, distance: distance(Array(name), Array($0))) }
            .filter { $0.distance <= max(2, $0.name.count / 4) }
            .min { $0.distance < $1.distance }?
            .name
    }

    /// Letters to insert, delete or replace to come from one to the other.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
