import WhatsAppWire

/// Switches commands and categories by their names.
enum CommandSwitch {
    static func turn(_ name: String, isOn: Bool, isHere: Bool, _ context: CommandContext) async throws -> Phrase {
        let category = CommandCategory(rawValue: name)
        let command = LookupStage.find(name, context.bot, context.services.registry)?.declaration
        guard category != nil || command != nil else {
            throw context.refusal(
                Phrase(en: "There is no command “\(name.prefix(24))”.", id: "Tidak ada perintah “\(name.prefix(24))”.")
            )
        }
        guard category != .owner, command?.category != .owner || isOn else {
            throw CommandRefusal(Phrase(en: "The owner's commands stay on.", id: "Perintah pemilik selalu hidup."))
        }
        if isHere {
            try await context.changeChat { settings in
                Self.change(&settings.disabledCommands, &settings.enabledCommands, command?.name, isOn)
                Self.change(&settings.disabledCategories, category, isOn)
            }
        } else {
            try await context.changeConduct { settings in
                Self.change(&settings.disabledCommands, &settings.enabledCommands, command?.name, isOn)
                Self.change(&settings.disabledCategories, category, isOn)
            }
        }
        let place = isHere ? Phrase(en: " in this chat", id: " di chat ini") : Phrase(same: "")
        return isOn
            ? Phrase(en: "\(name.firstUppercased) is on\(place).", id: "\(name.firstUppercased) sudah hidup\(place).")
            : Phrase(en: "\(name.firstUppercased) is off\(place).", id: "\(name.firstUppercased) sudah mati\(place).")
    }

    private static func change(_ off: inout Set<String>?, _ on: inout Set<String>?, _ name: String?, _ isOn: Bool) {
        guard let name else { return }
        if isOn {
            off?.remove(name)
            on = (on ?? []).union([name])
        } else {
            on?.remove(name)
            off = (off ?? []).union([name])
        }
    }

    private static func change(_ off: inout Set<CommandCategory>?, _ category: CommandCategory?, _ isOn: Bool) {
        guard let category else { return }
        if isOn { off?.remove(category) } else { off = (off ?? []).union([category]) }
    }
}
