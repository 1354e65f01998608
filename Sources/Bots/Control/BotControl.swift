import Accounts
import Database
import Fleet
import Foundation

/// What people and programs do with a bot's commands: every call asks for the caller's rights on the bot first.
///
/// Who sees a bot sees what its commands do, whoever operates it takes warnings back, and its owner changes the rest.
package struct BotControl: Sendable {
    package let services: CommandServices

    package init(services: CommandServices) {
        self.services = services
    }

    var hosting: Hosting { services.hosting }
    var database: Database { services.hosting.database }
    var conduct: ConductRepository { services.store.conduct }
    var now: Date { services.time.date() }

    package var registry: CommandRegistry { services.registry }

    /// Writes into the bot's history what somebody has changed.
    func note(_ detail: HistoryDetail, of bot: BotID, by caller: BotCaller) async throws {
        try await database.withTransaction { transaction in
            let bot = try await hosting.bots.lock(bot, in: transaction)
            try await hosting.recordStaff(
                .botCommandsChanged,
                bot,
                by: caller,
                after: ["change": detail.words.text(.english)],
                in: transaction
            )
            try await BotHistory.write(
                .settings,
                of: bot,
                by: caller,
                detail: detail,
                at: now,
                in: transaction
            )
        }
    }
}

/// What is wrong with a setting of a bot.
package struct ConductError: Error, Equatable {
    package enum Problem: Sendable, Equatable {
        case tooLong(Int)
        case tooMany(Int)
        case outOfRange(ClosedRange<Int>)
        case notOffered
        case notAPrefix
        case notANumber
        case notAnEmoji
        case notAHost
        case notATime
        case notAGroup
        case unknownCommand
    }

    /// The name of the setting.
    package let setting: String
    package let problem: Problem

    package init(_ setting: String, _ problem: Problem) {
        self.setting = setting
        self.problem = problem
    }
}
