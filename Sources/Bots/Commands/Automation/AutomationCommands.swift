/// The commands of this folder.
enum AutomationCommands {
    static let all: [any Command] = []
}
