internal import Accounts
internal import Bots
internal import Hummingbird

/// The buttons and forms of a bot's pages.
struct BotForms: Sendable {
    let pages: BotPages

    private var hosting: Hosting { pages.hosting }

    var routes: [Route] {
        [
            act("start", .signedIn, "started") { id, caller, _ in _ = try await hosting.start(id, by: caller) },
            act("stop", .signedIn, "stopped") { id, caller, _ in _ = try await hosting.stop(id, by: caller) },
            act("restart", .signedIn, "restarted") { id, caller, _ in _ = try await hosting.restart(id, by: caller) },
            act("redeploy", .may(.bots), "redeployed") { id, caller, _ in
                _ = try await hosting.redeploy(id, by: caller)
            },
            act("link", .may(.bots), nil) { id, caller, form in
                _ = try await hosting.link(id, phone: form["phone"], by: caller)
            },
            act("stop-linking", .may(.bots), nil) { id, caller, _ in try await hosting.stopLinking(id, by: caller) },
            act("regenerate-code", .may(.bots), nil) { id, caller, _ in
                _ = try await hosting.pairingCode(of: id, isFresh: true, by: caller)
            },
            act("renewal", .may(.bots), "renewal_asked") { id, caller, form in
                _ = try await hosting.askForRenewal(id, for: try form.duration(), by: caller)
            },
            act("approve", .may(.administerBots), "approved") { id, caller, form in
                _ = try await hosting.approve(id, for: try form.duration(), by: caller, version: form.version)
            },
            act("reject", .may(.administerBots), "rejected") { id, caller, form in
                _ = try await hosting.reject(id, by: caller, version: form.version)
            },
            act("renew", .may(.administerBots), "renewed") { id, caller, form in
                _ = try await hosting.renew(id, for: try form.duration(), by: caller, version: form.version)
            },
            act("settings", .may(.bots), "saved", tab: .settings) { id, caller, form in
                _ = try await hosting.configure(
                    id,
                    name: form["name"] ?? "",
                    prefix: form["prefix"] ?? "",
                    phone: form["phone"],
                    settings: form.botSettings,
                    by: caller,
                    version: form.version
                )
            },
            act("schedule", .may(.bots), "saved", tab: .settings) { id, caller, form in
                _ = try await hosting.setSchedule(try Self.schedule(form), of: id, by: caller)
            },
            act("share", .may(.bots), "shared", tab: .settings) { id, caller, form in
                try await share(id, caller, form)
            },
            act("unshare", .may(.bots), "saved", tab: .settings) { id, caller, form in
                guard let member = form["member"].flatMap({ AccountID($0) }) else { throw HostingError.notInTeam }
                try await hosting.unshare(id, with: member, by: caller)
            },
            act("transfer", .may(.bots), "transfer_offered", tab: .settings) { id, caller, form in
                try await offer(id, caller, form)
            },
            act("end-transfer", .may(.bots), "saved", tab: .settings) { id, caller, _ in
                try await hosting.endTransfer(id, by: caller)
            },
            act("accept", .may(.bots), "transferred") { id, caller, _ in try await hosting.accept(id, by: caller) },
            .post("/bots/{id}/decline", .may(.bots)) { _, context in
                try await hosting.endTransfer(context.botID(), by: context.signedIn().ownCaller)
                return Redirect.to("/dashboard", cookies: [Flash.cookie("saved")])
            },
            .post("/bots/{id}/environment", .may(.bots), formLimit: 1 << 20) { request, context in
                try await setEnvironment(request, context)
            },
            .post("/bots/{id}/delete", .may(.bots)) { request, context in try await delete(request, context) },
        ]
    }

    /// A form that changes something and leads back; what cannot be done is said on the page.
    private func act(
        _ name: String,
        _ access: Access,
        _ flash: String?,
        tab: BotTab = .overview,
        _ work: @escaping @Sendable (BotID, BotCaller, FormFields) async throws -> Void
    ) -> Route {
        .post("/bots/{id}/\(name)", access) { request, context in
            let id = try context.botID()
            let form = context.form
            do {
                try await work(id, try context.signedIn().botCaller, form)
            } catch {
                return try await failed(error, tab, request, context)
            }
            let path = form["back"].flatMap { ReturnPath($0)?.text } ?? "/bots/\(id)\(tab.path)"
            return Redirect.to(path, cookies: flash.map { [Flash.cookie($0)] } ?? [])
        }
    }

    /// The page once more with what is wrong; who must not know of the bot learns nothing.
    private func failed(_ error: any Error, _ tab: BotTab, _ request: Request, _ context: WebContext) async throws
        -> Response
    {
        guard let known = userFacing(error), error as? HostingError != .unknownBot else { throw error }
        return try await pages.show(tab, request, context, error: known)
    }

    private func setEnvironment(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.botID()
        let caller = try context.signedIn().botCaller
        do {
            let kept = try await hosting.environment(of: id, for: caller)
            let wishes = try context.form.variables(kept: kept)
            let diff = try await hosting.setEnvironment(wishes, of: id, by: caller, version: context.form.version)
            let restarts = !diff.isEmpty && context.form["then"] == "restart"
            if restarts { _ = try await hosting.restart(id, by: caller) }
            let flash = diff.isEmpty ? "unchanged" : restarts ? "saved_restarted" : "saved"
            return Redirect.to("/bots/\(id)/environment", cookies: [Flash.cookie(flash)])
        } catch {
            return try await failed(error, .environment, request, context)
        }
    }

    private func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.botID()
        let caller = try context.signedIn().botCaller
        do {
            try await hosting.delete(id, confirmation: context.form["confirmation"] ?? "", by: caller)
        } catch {
            return try await failed(error, .settings, request, context)
        }
        return Redirect.to("/dashboard", cookies: [Flash.cookie("bot_deleted")])
    }

    private func share(_ id: BotID, _ caller: BotCaller, _ form: FormFields) async throws {
        try await hosting.share(
            id,
            with: form["email"] ?? "",
            among: pages.people,
            mayOperate: form.isOn("operate"),
            by: caller
        )
    }

    private func offer(_ id: BotID, _ caller: BotCaller, _ form: FormFields) async throws {
        try await hosting.offer(id, to: form["recipient"] ?? "", among: pages.people, by: caller)
    }

    private static func schedule(_ form: FormFields) throws(HostingError) -> BotSchedule? {
        guard form["schedule"] == "hours" else { return nil }
        guard let start = BotPages.minutes(form["start"]), let stop = BotPages.minutes(form["stop"]) else {
            throw .invalidSchedule
        }
        let days = form.all("day").compactMap { Int($0) }.filter { (0..<7).contains($0) }.reduce(0) { $0 | 1 << $1 }
        return try BotSchedule(zone: form["zone"] ?? "", start: start, stop: stop, days: days)
    }
}
