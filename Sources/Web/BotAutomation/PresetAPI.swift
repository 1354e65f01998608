internal import Accounts
internal import Bots
internal import Hummingbird

/// `/api/presets` and `/api/bots/ID/preset`: ready-made settings, for programs.
struct PresetAPI: Sendable {
    let control: BotControl

    var routes: [Route] {
        [
            .get("/api/presets", .api(.botsRead)) { _, _ in
                try JSONText.response(ShownPresets(presets: BotPreset.all.map(ShownPreset.init)))
            },
            .post("/api/bots/{id}/preset", .api(.botsWrite)) { request, context in
                let fields = try await request.jsonFields(known: ["preset", "language"])
                guard let preset = try fields.preset() else { throw RequestError.missingField("preset") }
                try await control.apply(
                    preset,
                    in: fields.choice("language", BotLanguage.self) ?? .english,
                    to: context.botID(),
                    by: context.signedIn().botCaller
                )
                return Response(status: .noContent, headers: [.cacheControl: "no-store"])
            },
        ]
    }
}

extension JSONFields {
    /// The preset that is named; nil when the field is missing or null.
    func preset() throws(RequestError) -> BotPreset? {
        guard let name = try text("preset") else { return nil }
        guard let preset = BotPreset.named(name) else {
            let known = BotPreset.all.map(\.id).joined(separator: ", ")
            throw .invalidField("preset", message: "Send one of \(known).")
        }
        return preset
    }
}

struct ShownPresets: Encodable {
    let presets: [ShownPreset]
}

struct ShownPreset: Encodable {
    let id: String
    let name: String
    let summary: String
    let settings: ConductSettings
    let rules: [Rule]

    struct Rule: Encodable {
        let match: String
        let pattern: String
        let answer: String
    }

    init(_ preset: BotPreset) {
        id = preset.id
        name = preset.name.text(.english)
        summary = preset.summary.text(.english)
        settings = preset.settings(in: .english)
        rules = preset.rules(in: .english).map {
            Rule(match: $0.match.rawValue, pattern: $0.pattern, answer: $0.answer)
        }
    }
}
