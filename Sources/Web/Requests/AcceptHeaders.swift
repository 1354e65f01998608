internal import Accounts
internal import HTTPTypes

/// One choice of an `Accept…` field with its weight.
private struct WeightedChoice {
    let name: Substring
    let weight: Double

    /// Reads `name;q=0.5`; a weight that is none counts as zero.
    init(_ text: Substring) {
        let parts = text.split(separator: ";")
        name = parts.first?.trimmed ?? ""
        let quality = parts.dropFirst().lazy.map { $0.trimmed }.first { $0.lowercased().hasPrefix("q=") }
        weight = quality.map { min(1, max(0, Double($0.dropFirst(2)) ?? 0)) } ?? 1
    }

    static func list(_ headers: HTTPFields, _ name: HTTPField.Name) -> [WeightedChoice] {
        headers[values: name].flatMap { $0.split(separator: ",") }.prefix(64).map(WeightedChoice.init)
    }
}

/// Which content codings a client takes (RFC 9110, section 12.5.3).
struct AcceptEncoding {
    let allowsGzip: Bool

    init(_ headers: HTTPFields) {
        let choices = WeightedChoice.list(headers, .acceptEncoding)
        let named = choices.first { ["gzip", "x-gzip"].contains($0.name.lowercased()) }
        allowsGzip = ((named ?? choices.first { $0.name == "*" })?.weight ?? 0) > 0
    }
}

/// Which media types a client takes, and which it likes best (RFC 9110, section 12.5.1).
struct AcceptedTypes {
    private let choices: [WeightedChoice]

    init(_ headers: HTTPFields) {
        choices = WeightedChoice.list(headers, .accept)
    }

    /// The best of what we offer, ours first among equals; nil when none will do.
    ///
    /// Whoever names nothing takes anything.
    func best(of offers: [String]) -> String? {
        guard !choices.isEmpty else { return offers.first }
        var best: (offer: String, weight: Double)?
        for offer in offers {
            let weight = weight(of: offer)
            if weight > best?.weight ?? 0 { best = (offer, weight) }
        }
        return best?.offer
    }

    /// The most exact choice that covers the type decides.
    private func weight(of offer: String) -> Double {
        let family = offer.prefix { $0 != "/" } + "/*"
        for pattern in [Substring(offer), family, "*/*"] {
            if let choice = choices.first(where: { $0.name.lowercased() == pattern }) { return choice.weight }
        }
        return 0
    }
}

/// Which of our languages a client likes best (RFC 9110, section 12.5.4).
struct AcceptedLanguages {
    let best: Language?

    init(_ headers: HTTPFields) {
        var best: (language: Language, weight: Double)?
        for choice in WeightedChoice.list(headers, .acceptLanguage) {
            let primary = choice.name.prefix { $0 != "-" }.lowercased()
            // Browsers once wrote Indonesian as `in`.
            guard let language = Language(rawValue: primary == "in" ? "id" : primary) else { continue }
            if choice.weight > best?.weight ?? 0 { best = (language, choice.weight) }
        }
        self.best = best?.language
    }
}
