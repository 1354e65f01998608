import Crypto
import Fleet
import Foundation
import HTTPClient
import WhatsApp
import WhatsAppWire

/// Asks another program what a bot is to answer.
///
/// A POST of JSON, signed: `X-Wharf-Signature: sha256=` and the HMAC of the time of `X-Wharf-Timestamp`, a dot and the body,
/// under the command's secret. The answer is JSON with `messages` and `reaction`, or a text.
struct WebhookRun {
    private static let responseLimit = 8 << 20
    private static let messageLimit = 5

    private struct Call: Encodable {
        struct Sender: Encodable {
            let jid: String
            let number: String?
            let name: String?
            let isOwner: Bool
        }

        let id: String
        let bot: String
        let command: String
        let text: String
        let arguments: [String]
        let chat: String
        let isGroup: Bool
        let sender: Sender
        let mentions: [String]
        let quoted: String?
    }

    private struct Answer: Decodable {
        struct Message: Decodable {
            struct File: Decodable {
                let kind: BotFile.Kind
                let mimeType: String
                let name: String?
                let base64: String
            }

            let text: String?
            let file: File?
        }

        let messages: [Message]?
        let reaction: String?
    }

    private let custom: CustomCommand
    private let webhook: CustomContent.Webhook

    init(_ custom: CustomCommand, _ webhook: CustomContent.Webhook) {
        self.custom = custom
        self.webhook = webhook
    }

    func run(_ context: CommandContext) async throws {
        let body = try JSONEncoder().encode(
            Call(
                id: context.message.id,
                bot: context.bot.id.description,
                command: custom.name,
                text: context.arguments.text,
                arguments: context.arguments.words,
                chat: context.chat.description,
                isGroup: context.isGroup,
                sender: Call.Sender(
                    jid: context.sender.jid.description,
                    number: context.sender.number,
                    name: context.message.pushName,
                    isOwner: context.isOwner
                ),
                mentions: context.content.mentions.map(\.description),
                quoted: context.quote?.text
            )
        )
        let response = try await send(Array(body), context)
        guard (200..<300).contains(response.status) else {
            throw CommandRefusal(
                Phrase(
                    en: "The program behind this command has answered with \(response.status).",
                    id: "Program di balik perintah ini menjawab dengan \(response.status)."
                )
            )
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)) else {
            let isText = response.header("Content-Type")?.hasPrefix("text/plain") == true
            guard isText, !response.body.isEmpty else {
                throw CommandRefusal(
                    Phrase(
                        en: "The program behind this command has answered nothing that I understand.",
                        id: "Jawaban program di balik perintah ini tidak saya pahami."
                    )
                )
            }
            try await context.reply(verbatim: String(decoding: response.body.prefix(4_000), as: UTF8.self))
            return
        }
        try await pass(answer, context)
    }

    private func pass(_ answer: Answer, _ context: CommandContext) async throws {
        for message in (answer.messages ?? []).prefix(Self.messageLimit) {
            if let file = message.file {
                let bytes = Data(base64Encoded: file.base64) ?? Data()
                let sent = BotFile(
                    kind: file.kind,
                    mimeType: String(file.mimeType.prefix(100)),
                    name: String((file.name ?? "file").prefix(200)),
                    bytes: Array(bytes)
                )
                do throws(AutomationError) {
                    try sent.check()
                } catch {
                    throw CommandRefusal(
                        Phrase(
                            en: "The program behind this command has sent a file that is not what it says.",
                            id: "Program di balik perintah ini mengirim berkas yang tidak sesuai jenisnya."
                        )
                    )
                }
                try await context.reply(try await sent.content(context.session, caption: message.text))
            } else if let text = message.text, !text.isEmpty {
                try await context.reply(verbatim: text)
            }
        }
        if let reaction = answer.reaction, (1...8).contains(reaction.count) { try await context.react(reaction) }
    }

    private func send(_ body: [UInt8], _ context: CommandContext) async throws -> HTTPResponse {
        let seconds = String(Int(context.services.time.date().timeIntervalSince1970))
        var headers = [HTTPHeader("Content-Type", "application/json"), HTTPHeader("X-Wharf-Timestamp", seconds)]
        let secrets = WebhookSecrets(database: context.store.database, vault: context.services.hosting.vault)
        guard let secret = try await secrets.secret(of: custom.name, of: context.bot.id, session: context.bot.session)
        else {
            let text = "\(custom.name) was not asked: its secret cannot be opened. Make a new one."
            context.services.hosting.ear.log.write(.error, text, of: context.bot.id, at: context.services.time.date())
            throw CommandRefusal(
                Phrase(
                    en: "This command needs a new secret; its owner makes one in the panel.",
                    id: "Perintah ini butuh rahasia baru; pemiliknya membuatnya di panel."
                )
            )
        }
        headers.append(HTTPHeader("X-Wharf-Signature", Self.signature(body, at: seconds, secret: secret)))
        var request = HTTPRequest(.post, webhook.url, headers: headers, body: body)
        request.timeout = .seconds(webhook.seconds)
        request.responseLimit = Self.responseLimit
        request.isPublicOnly = context.services.asksPublicOnly
        do throws(HTTPClientError) {
            return try await context.services.http.send(request)
        } catch {
            throw CommandRefusal(
                Phrase(
                    en: "The program behind this command does not answer.",
                    id: "Program di balik perintah ini tidak menjawab."
                )
            )
        }
    }

    static func signature(_ body: [UInt8], at seconds: String, secret: String) -> String {
        var code = HMAC<SHA256>(key: SymmetricKey(data: Data(secret.utf8)))
        code.update(data: Data("\(seconds).".utf8))
        code.update(data: body)
        let digits = code.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return "sha256=" + digits.joined()
    }
}
