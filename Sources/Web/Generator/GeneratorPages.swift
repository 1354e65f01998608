internal import Accounts
internal import Fleet
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `/generate` and, for browsers without JavaScript, `/generate/ID`.
struct GeneratorPages: Sendable {
    private let generator: SessionGenerator
    private let origins: OriginPolicy
    private let tokens: FormTokens
    private let pages: PageRenderer
    private let limits: GeneratorConfiguration
    private let sandbox: SandboxDesk?
    private let blank: TokenPage

    init(
        generator: SessionGenerator,
        origins: OriginPolicy,
        tokens: FormTokens,
        pages: PageRenderer,
        limits: GeneratorConfiguration,
        sandbox: SandboxDesk?
    ) {
        self.generator = generator
        self.origins = origins
        self.tokens = tokens
        self.pages = pages
        self.limits = limits
        self.sandbox = sandbox
        blank = TokenPage(of: .generate, with: pages) { Self.page(csrf: $0, limits: limits, strings: $1) }
    }

    var routes: [Route] {
        [
            .get("/generate", .open) { request, _ in show(request) },
            .post("/generate", .open) { request, context in try await begin(request, context) },
            .get("/generate/{id}", .open) { request, context in try await show(request, context) },
            .post("/generate/{id}/delete", .open) { request, context in try await delete(request, context) },
        ]
    }

    private func show(_ request: Request) -> Response {
        let (token, cookie) = tokens.token(for: request)
        let html = blank.html(token: token, language: Language(request), theme: Theme(request))
        return PageRenderer.response(html: html, headers: Self.headers(cookie))
    }

    private func begin(_ request: Request, _ context: WebContext) async throws -> Response {
        try origins.check(request)
        let form = try await FormFields(request)
        try tokens.check(form["csrf"], of: request)
        let input = LinkingInput(
            method: form["method"] ?? "qr",
            phone: Self.number(form),
            format: form["dialect"],
            prefix: form["prefix"]
        )
        do {
            let number = input.phone ?? ""
            // Without a country, a national number would be read as somebody else's abroad.
            if input.method == "code", !number.isEmpty, !number.hasPrefix("+"), form["country"] == nil {
                let message = pages.strings(Language(request))("generate.country_missing")
                throw RequestError.invalidField("phone", message: message)
            }
            let wanted = try input.request()
            try await sandbox?.prepare(wanted.phone)
            let attempt = try await generator.begin(wanted, from: try context.clientAddress())
            if let phone = wanted.phone { sandbox?.note(phone, for: attempt.id) }
            return Response(status: .seeOther, headers: [.location: "/generate/\(attempt.id.text)"])
        } catch {
            guard let known = userFacing(error) else { throw error }
            return again(form, known, request)
        }
    }

    /// The page once more, with what was filled in and what is wrong with it.
    private func again(_ form: FormFields, _ error: any UserFacingError, _ request: Request) -> Response {
        let (token, cookie) = tokens.token(for: request)
        let strings = pages.strings(Language(request))
        var page = Self.page(csrf: token, limits: limits, chosen: form["dialect"], strings: strings)
        page.keptCountry = form["country"].flatMap { $0.allSatisfy(\.isNumber) ? String($0.prefix(6)) : nil }
        page.keptPhone = form["phone"].map { String($0.prefix(32)) }
        page.keptPrefix = form["prefix"].map { String($0.prefix(32)) }
        let isPhoneMissing = error.field == "phone" && form["phone"] == nil
        let message = isPhoneMissing ? strings("generate.phone_missing") : strings.message(of: error)
        page.error = message
        page.phoneError = error.field == "phone" ? message : nil
        page.prefixError = error.field == "prefix" ? message : nil
        var headers = Self.headers(cookie)
        if let wait = error.retryAfter { headers[.retryAfter] = "\(wait.wholeSecondsUp)" }
        return pages.response(
            page,
            of: .generate,
            to: request,
            status: error.status,
            headers: headers,
            strings: strings
        )
    }

    private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let snapshot = try await generator.snapshot(of: context.attemptID())
        let (token, cookie) = tokens.token(for: request)
        let strings = pages.strings(Language(request))
        let page = AttemptPage(snapshot, csrf: token, now: Date(), strings: strings)
        var headers = Self.headers(cookie)
        headers[.cacheControl] = "no-store"
        return pages.response(page, of: .attempt, to: request, headers: headers, strings: strings)
    }

    private func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        try origins.check(request)
        let form = try await FormFields(request)
        try tokens.check(form["csrf"], of: request)
        do {
            try await generator.delete(context.attemptID())
        } catch GeneratorError.attemptGone {
            // Pressed twice, or the server was quicker: it is as wished.
        }
        return Response(status: .seeOther, headers: [.location: "/generate"])
    }

    /// The number with the chosen country's code in front, unless it brings one along.
    private static func number(_ form: FormFields) -> String? {
        guard let phone = form["phone"] else { return nil }
        if phone.hasPrefix("00") { return "+" + phone.dropFirst(2) }
        guard let country = form["country"], !phone.hasPrefix("+") else { return phone }
        return "+" + country + (phone.hasPrefix("0") ? phone.dropFirst() : phone[...])
    }

    private static func headers(_ cookie: String?) -> HTTPFields {
        cookie.map { [.setCookie: $0] } ?? [:]
    }

    private static func page(
        csrf: String,
        limits: GeneratorConfiguration,
        chosen: String? = nil,
        strings: Strings
    ) -> GeneratePage {
        GeneratePage(
            csrf: csrf,
            attemptsPerHour: limits.attemptsPerHour,
            attemptMinutes: Int(clamping: max(1, (limits.lifetime.components.seconds + 30) / 60)),
            chosen: chosen,
            strings: strings
        )
    }
}
