/// A text in another language, by a LibreTranslate server.
struct Translation: Sendable, Equatable {
    var text: String
    /// The language that the text was in, as the server guesses.
    var source: String?

    private struct Question: Encodable {
        var text: String
        var source = "auto"
        var target: String
        var format = "text"
        var key: String?

        enum CodingKeys: String, CodingKey {
            case text = "q"
            case source
            case target
            case format
            case key = "api_key"
        }
    }

    private struct Reply: Decodable {
        struct Language: Decodable {
            var language: String
        }

        var translatedText: String
        var detectedLanguage: Language?
    }

    static func make(
        _ text: String,
        to target: String,
        _ lookup: Lookup,
        _ addresses: LookupAddresses
    ) async throws(LookupError) -> Translation {
        let key = addresses.translationKey
        let question = Question(
            text: String(text.prefix(5_000)),

            target: target,
            key: key.isEmpty ? nil : key
        )
        do {
            let reply = try await lookup.post(Reply.self, addresses.translation, "/translate", question)
            return Translation(text: reply.translatedText, source: reply.detectedLanguage?.language)
        } catch .notFound {
            throw .notFound(target)
        }
    }
}
