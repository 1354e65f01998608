import Database
import Fleet
import Foundation
import Logging

// What is written of a bot is told at once to whoever looks at it, in this process and in others.
extension Hosting {
    private static let channel = DatabaseChannel("wharf_bot_changes")

    /// To be called once the change is written.
    func announce(_ id: BotID, _ session: SessionID) async {
        show(id, session)
        do {
            try await database.tell("\(id) \(session) \(origin)", on: Self.channel)
        } catch {
            logger.info("A bot's change is told here alone", metadata: ["bot.id": "\(id)", "error": "\(error)"])
        }
    }

    /// Tells what other processes have changed, until the caller is cancelled.
    func followOthers() async {
        await database.listen(on: Self.channel) { notice in
            guard case .told(let texts) = notice else { return }
            for text in texts {
                let parts = text.split(separator: " ").map(String.init)
                guard parts.count == 3, parts[2] != origin, let id = BotID(parts[0]), let session = SessionID(parts[1])
                else { continue }
                show(id, session)
            }
        }
    }

    private func show(_ id: BotID, _ session: SessionID) {
        ear.tellChange(of: id)
        scheduler.tellChange(of: session)
    }
}
