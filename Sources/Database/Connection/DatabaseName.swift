/// The name of a database that we make ourselves: lower-case letters, digits and underscores, so it needs no quoting.
package struct DatabaseName: Sendable, Hashable {
    package let text: String

    /// A name that stands in the source.
    init(trusted text: StaticString) {
        self.text = text.description
    }

    package init?(_ text: String) {
        let allowed = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
        guard allowed, (1...63).contains(text.utf8.count), text.utf8.first.map({ $0 > 0x39 }) == true else {
            return nil
        }
        self.text = text
    }
}
