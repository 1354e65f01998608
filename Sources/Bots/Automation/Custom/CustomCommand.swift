package import Foundation

/// A command that somebody has put together without programming, or that another program answers.
package struct CustomCommand: Sendable, Equatable {
    package static let limit = 100
    package static let summaryLimit = 200

    package var name: String
    package var summary: String
    package var content: CustomContent
    package var file: UUID?
    package var isOn: Bool
    /// Whether webhooks of it are signed with a secret; the secret itself is shown once.
    package internal(set) var hasSecret = false

    package init(name: String, summary: String = "", content: CustomContent, file: UUID? = nil, isOn: Bool = true) {
        self.name = name
        self.summary = summary
        self.content = content
        self.file = file
        self.isOn = isOn
    }

    /// What it says: the choice of a menu that its first word names, or its text and the choices.
    func text(_ values: TemplateValues, _ language: BotLanguage) -> String {
        guard let menu = content.menu else { return values.fill(content.text) }
        if let choice = Self.chosen(values.text, of: menu) { return values.fill(choice.text) }
        let lines = menu.enumerated().map { "\($0 + 1). \($1.title)" }
        return
            ([values.fill(content.text)] + [lines.joined(separator: "\n")]
            + [
                Phrase(
                    en: "Choose with \(values.prefix)\(name) and a number.",
                    id: "Pilih dengan \(values.prefix)\(name) dan nomornya."
                ).text(language)
            ])
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func chosen(_ text: String, of menu: [CustomContent.Choice]) -> CustomContent.Choice? {
        if let number = Int(text), menu.indices.contains(number - 1) { return menu[number - 1] }
        return menu.first { $0.title.lowercased() == text.lowercased() }
    }

    /// Says what is wrong with it.
    package func check(against registry: CommandRegistry) throws(AutomationError) {
        guard CommandRegistry.isName(name), name.first != "-" else { throw .invalid(.name) }
        guard registry.find(name) == nil else { throw .takenName(name) }
        guard summary.count <= Self.summaryLimit else { throw .invalid(.summary) }
        try content.check(hasFile: file != nil)
    }
}

/// What a custom command does.
package struct CustomContent: Sendable, Equatable, Codable {
    package static let choiceLimit = 20
    package static let titleLimit = 60
    package static let addressLimit = 2_000
    package static let hostLimit = 10
    /// How many seconds an address or a program may be given.
    package static let waits = 1...20

    /// A template, see ``TextTemplate``; empty where there is nothing but a file or a webhook.
    package var text: String
    /// Choices that are listed below the text; `.name 2` or the choice's own word gives the second one's text.
    package var menu: [Choice]?
    /// What is asked before the text is filled.
    package var request: Request?
    /// Another program that answers in place of the text.
    package var webhook: Webhook?
    package var isForAdmins: Bool?
    package var isForOwners: Bool?

    package struct Choice: Sendable, Equatable, Codable {
        package var title: String
        package var text: String

        package init(title: String, text: String) {
            self.title = title
            self.text = text
        }
    }

    package struct Request: Sendable, Equatable, Codable {
        /// GET or POST.
        package var method: String
        /// A template; its host must be among those that are allowed.
        package var url: String
        package var body: String?
        /// 1 to 20.
        package var seconds: Int
        package var hosts: [String]

        package init(method: String = "GET", url: String, body: String? = nil, seconds: Int = 5, hosts: [String]) {
            self.method = method
            self.url = url
            self.body = body
            self.seconds = seconds
            self.hosts = hosts
        }
    }

    package struct Webhook: Sendable, Equatable, Codable {
        package var url: String
        /// 1 to 20.
        package var seconds: Int

        package init(url: String, seconds: Int = 10) {
            self.url = url
            self.seconds = seconds
        }
    }

    package init(
        text: String = "",
        menu: [Choice]? = nil,
        request: Request? = nil,
        webhook: Webhook? = nil,
        isForAdmins: Bool? = nil,
        isForOwners: Bool? = nil
    ) {
        self.text = text
        self.menu = menu
        self.request = request
        self.webhook = webhook
        self.isForAdmins = isForAdmins
        self.isForOwners = isForOwners
    }

    func check(hasFile: Bool) throws(AutomationError) {
        guard text.count <= TextTemplate.templateLimit else { throw .invalid(.text) }
        guard !text.trimmed.isEmpty || hasFile || webhook != nil else { throw .invalid(.text) }
        if let menu {
            guard (1...Self.choiceLimit).contains(menu.count),
                menu.allSatisfy({
                    (1...Self.titleLimit).contains($0.title.count)
                        && (1...TextTemplate.templateLimit).contains($0.text.count)
                })
            else { throw .invalid(.menu) }
        }
        if let request {
            guard ["GET", "POST"].contains(request.method) else { throw .invalid(.requestMethod) }
            guard request.url.hasPrefix("https://") || request.url.hasPrefix("http://"),
                request.url.count <= Self.addressLimit
            else {
                throw .invalid(.requestURL)
            }
            guard Self.waits.contains(request.seconds) else { throw .invalid(.requestSeconds) }
            guard (1...Self.hostLimit).contains(request.hosts.count), request.hosts.allSatisfy(Self.isHost) else {
                throw .invalid(.requestHosts)
            }
            guard request.body?.count ?? 0 <= TextTemplate.templateLimit else { throw .invalid(.requestBody) }
        }
        if let webhook {
            guard webhook.url.count <= Self.addressLimit, CommandArguments.webAddress(webhook.url) != nil else {
                throw .invalid(.webhookURL)
            }
            guard Self.waits.contains(webhook.seconds) else { throw .invalid(.webhookSeconds) }
        }
    }

    static func isHost(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E
            }
    }
}
