internal import Accounts
internal import Foundation
internal import Hummingbird
internal import Mail

/// `/dev/mail`: the mails that the sandbox would have sent; for this machine alone, because links in them open accounts.
struct MailFolderPages: Sendable {
    let folder: MailFolder
    let panel: PanelPages

    var routes: [Route] {
        [.get("/dev/mail", .open) { request, context in try show(request, context) }]
    }

    private func show(_ request: Request, _ context: WebContext) throws -> Response {
        let isRelayed = request.headers[.xForwardedFor] != nil || request.headers[.forwarded] != nil
        guard context.client.isLoopback, !isRelayed else { throw RequestError.forbidden }
        let mails = folder.all()
        return panel.publicResponse(of: .mails, to: request) { _, strings, _ in
            MailsPage(mails, strings: strings, now: Date())
        }
    }
}

/// `/dev/mail`.
struct MailsPage: PageFrame, Sendable {
    struct Shown: Sendable {
        let mailRecipient: String
        let mailSubject: String
        let mailTime: String
        let mailBody: SafeHTML
    }

    let title: String
    let description = "Wharf"
    let canonicalPath: String? = nil
    let place = PagePlace.elsewhere
    let mails: [Shown]
    let hasMails: Bool
    let empty: EmptyState?

    init(_ mails: [MailFolder.Stored], strings: Strings, now: Date) {
        title = "\(strings("devmail.title")) · Wharf"
        self.mails = mails.map { mail in
            Shown(
                mailRecipient: mail.recipient,
                mailSubject: mail.subject,
                mailTime: strings.distance(to: mail.at, from: now),
                mailBody: Self.html(mail.body)
            )
        }
        hasMails = !mails.isEmpty
        empty =
            mails.isEmpty
            ? EmptyState(
                emptyIcon: "mail",
                emptyTitle: strings("devmail.empty"),
                emptyText: strings("devmail.empty_text")
            ) : nil
    }

    /// The text with its links made to be pressed.
    private static func html(_ body: String) -> SafeHTML {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let text = String(line).escapedForHTML
            let isLink = (line.hasPrefix("http://") || line.hasPrefix("https://")) && !line.contains(" ")
            return isLink ? "<a href=\"\(text)\">\(text)</a>" : text
        }
        return SafeHTML(rendered: lines.joined(separator: "<br>"))
    }
}
