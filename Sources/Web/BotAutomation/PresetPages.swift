internal import Accounts
internal import Bots
internal import Hummingbird

/// A preset as people choose it.
struct PresetCard: Sendable {
    let presetID: String
    let presetName: String
    let presetSummary: String
    let presetIsChosen: Bool
    /// What it sets, in words.
    let presetEffects: [String]

    static func all(_ strings: Strings, chosen: String? = nil) -> [PresetCard] {
        BotPreset.all.map { PresetCard($0, strings, isChosen: $0.id == chosen) }
    }

    private init(_ preset: BotPreset, _ strings: Strings, isChosen: Bool) {
        let settings = preset.settings(in: strings.botLanguage)
        presetID = preset.id
        presetName = strings("commands.preset.\(preset.id).name")
        presetSummary = strings("commands.preset.\(preset.id).summary")
        presetIsChosen = isChosen
        var effects: [String] = []
        if let mode = settings.mode {
            effects.append("\(strings("commands.answers.mode")): \(strings("commands.mode.\(mode.rawValue)"))")
        }
        let off = CommandCategory.allCases.filter { settings.disabledCategories?.contains($0) == true }
        if !off.isEmpty {
            let names = off.map { strings("commands.category.\($0.rawValue)") }.joined(separator: ", ")
            effects.append(strings("commands.presets.without", ["categories": names]))
        }
        let habits: [(String, Bool?)] = [
            ("readsMessages", settings.readsMessages), ("rejectsCalls", settings.rejectsCalls),
            ("viewsStatuses", settings.viewsStatuses), ("keepsDeleted", settings.keepsDeleted),
        ]
        effects += habits.filter { $0.1 == true }.map { strings("commands.answers.\($0.0)") }
        effects += [settings.welcome, settings.goodbye].compactMap { $0.map { "“\($0)”" } }
        effects += preset.rules(in: strings.botLanguage).map { "\($0.pattern) → \($0.answer)" }
        presetEffects = effects
    }
}

/// What `/bots/ID/presets` shows.
struct PresetPage: CommandPage {
    let title: String
    let frame: CommandFrame
    var problem: String?
    let presets: [PresetCard]
}

/// `/bots/ID/presets`: ready-made settings.
struct PresetPages: Sendable {
    let desk: CommandDesk

    var routes: [Route] {
        [
            .get("/bots/{id}/presets", .may(.bots)) { request, context in try await show(request, context) },
            .post("/bots/{id}/presets", .may(.bots)) { request, context in
                let id = try context.botID()
                do {
                    guard let preset = context.form["preset"].flatMap({ BotPreset.named($0) }) else {
                        throw RequestError.invalidField("preset", message: "Choose one of what is offered.")
                    }
                    let language = desk.panel.strings(request).botLanguage
                    try await desk.control.apply(preset, in: language, to: id, by: context.signedIn().botCaller)
                } catch {
                    guard let known = userFacing(error), !(error is HostingError) else { throw error }
                    return try await show(request, context, known)
                }
                return Redirect.to("/bots/\(id)/answers", cookies: [Flash.cookie("preset_applied")])
            },
        ]
    }

    private func show(_ request: Request, _ context: WebContext, _ error: (any UserFacingError)? = nil) async throws
        -> Response
    {
        let visit = try await desk.visit(.presets, request, context, error: error)
        let page = PresetPage(
            title: visit.title(.presets),
            frame: visit.frame,
            presets: PresetCard.all(visit.strings)
        )
        return try await desk.response(page, of: .botPresets, visit, request, context)
    }
}

extension Strings {
    /// The language in which a bot's own texts are made for whoever reads this page.
    var botLanguage: BotLanguage {
        switch language {
        case .english: .english
        case .indonesian: .indonesian
        }
    }
}
