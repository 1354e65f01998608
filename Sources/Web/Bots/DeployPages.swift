internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation
internal import Hummingbird
internal import WhatsApp

/// What `/deploy` shows.
struct DeployPage: PanelPage {
    let panelPlace = PanelPlace.deploy
    let title: String
    let server: String
    /// What the script says of a session ID that is typed, as JSON.
    let texts: String
    /// What the form is sent under, so that sending it twice makes one bot.
    var once = BotID().description
    var name: Field
    var prefix: Field
    var phone: Field
    let plan: String
    /// Why the plan has no room for another bot; nil where it has.
    var full: String?
    let planApproves: Bool
    var sessionID: String?
    var sessionIDError: String?
    var linksPhone: Bool
    var presets: [PresetCard]
    /// Whether none of them is chosen.
    var isPlain: Bool
    var settings: [SettingBox]
    var known: [VariableForm.Known]
    var free: [VariableForm.Free]
    var opensEnvironment = false
    var problem: String?
    /// What people are told while the server is being worked on.
    var maintenance: String?
}

/// `/deploy`: a bot in one go.
struct DeployPages: Sendable {
    let panel: PanelPages
    let hosting: Hosting
    let desk: SessionIDDesk

    var routes: [Route] {
        [
            .get("/deploy", .may(.bots)) { request, context in try await show(request, context) },
            // A session ID may be long.
            .post("/deploy", .may(.bots), formLimit: 4 << 20) { request, context in try await deploy(request, context)
            },
        ]
    }

    private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let page = try await page(panel.strings(request), context)
        return try await panel.response(page, of: .deploy, to: request, context)
    }

    private func page(_ strings: Strings, _ context: WebContext) async throws -> DeployPage {
        let use = try await hosting.planUse(of: context.signedIn().account.id)
        let maintenance = try await hosting.maintenance().map { $0.isEmpty ? strings("bots.maintenance") : $0 }
        let variables = VariableForm([], strings: strings)
        let isFull = use.plan.bots.map { use.bots >= $0 } ?? false
        return DeployPage(
            title: "\(strings("bots.deploy.title")) · Wharf",
            server: hosting.server,
            texts: strings.json(of: .calls, .live),
            name: Field("name", strings("bots.field.name"), hint: strings("bots.field.name_hint"), maxLength: 60),
            prefix: Field(
                "prefix",
                strings("bots.field.prefix"),
                value: await panel.accounts.panelSettingsOrLast().botPrefix,
                hint: strings("bots.field.prefix_hint"),
                maxLength: 4
            ),
            phone: Field(
                "phone",
                strings("bots.field.phone"),
                type: "tel",
                hint: strings("bots.field.phone_hint"),
                isRequired: false,
                maxLength: 32,
                inputMode: "tel"
            ),
            plan: strings(
                "bots.deploy.plan",
                [
                    "plan": use.plan.name, "used": strings.number(use.bots),
                    "limit": use.plan.bots.map { strings.number($0) } ?? strings("bots.use.no_limit"),
                ]
            ),
            full: isFull ? strings("bots.deploy.full", ["limit": strings.number(use.plan.bots ?? 0)]) : nil,
            planApproves: use.plan.approves,
            linksPhone: true,
            presets: PresetCard.all(strings),
            isPlain: true,
            settings: SettingBox.all(BotSettings(), strings: strings),
            known: variables.known,
            free: variables.free,
            maintenance: maintenance
        )
    }

    private func deploy(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let form = context.form
        do {
            var wanted = NewBot(name: form["name"] ?? "")
            wanted.once = form["once"].flatMap { BotID($0) }
            if let once = wanted.once, let made = try await hosting.made(once, by: viewer.ownCaller) {
                return Redirect.to("/bots/\(made.id)")
            }
            wanted.prefix = form["prefix"] ?? ""
            wanted.phone = form["phone"]
            let pasted = form["way"] == "paste" ? form["sessionID"] ?? "" : nil
            if let pasted { wanted.sessionID = try await desk.sessionID(pasted) }
            wanted.environment = try form.variables(kept: [])
            wanted.settings = form.botSettings
            wanted.language = panel.strings(request).botLanguage
            if let name = form["preset"] {
                guard let preset = BotPreset.named(name) else {
                    throw RequestError.invalidField("preset", message: "Choose one of what is offered.")
                }
                wanted.preset = preset
            }
            let bot = try await hosting.create(wanted, by: viewer.botCaller)
            await desk.redeemed(pasted)
            if wanted.sessionID == nil, bot.run.value == .stopped {
                do {
                    _ = try await hosting.link(bot.id, phone: wanted.phone, by: viewer.ownCaller)
                } catch is FleetError {
                    // The bot's page has the button once more.
                }
            }
            return Redirect.to("/bots/\(bot.id)", cookies: [Flash.cookie("deployed")])
        } catch {
            guard let known = userFacing(error) else { throw error }
            return try await again(known, form, request, context)
        }
    }

    /// The form once more, with what was typed and what is wrong with it.
    private func again(
        _ error: any UserFacingError,
        _ form: FormFields,
        _ request: Request,
        _ context: WebContext
    ) async throws -> Response {
        let strings = panel.strings(request)
        var page = try await page(strings, context)
        if let once = form["once"].flatMap({ BotID($0) }) { page.once = once.description }
        page.name = page.name.again(form, error, strings)
        page.prefix = page.prefix.again(form, error, strings)
        page.phone = page.phone.again(form, error, strings)
        page.linksPhone = form["way"] != "paste"
        page.presets = PresetCard.all(strings, chosen: form["preset"])
        page.isPlain = !page.presets.contains(where: \.presetIsChosen)
        page.settings = SettingBox.all(form.botSettings, strings: strings)
        let variables = VariableForm([], form: form, error: error as? HostingError, strings: strings)
        page.known = variables.known
        page.free = variables.free
        page.opensEnvironment = error.code == "bot.invalid_environment"
        page.problem = strings.message(of: error)
        if error.field == "sessionID" || error.code.hasPrefix("generator.") || error.code == "session.not_linked" {
            page.sessionIDError = page.problem
        }
        // A secret: it is not sent back, so that it stands in no page.
        return try await panel.response(
            page,
            of: .deploy,
            to: request,
            context,
            status: error.status,
            headers: error.retryFields
        )
    }
}
