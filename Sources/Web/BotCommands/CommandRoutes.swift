extension Site {
    /// Everything about the commands of bots.
    static func commandRoutes(_ desk: CommandDesk) -> [Route] {
        SwitchPages(desk: desk).routes
            + ConductPages(desk: desk).routes
            + ChatPages(desk: desk).routes
            + RulePages(desk: desk).routes
            + CustomPages(desk: desk).routes
            + SchedulePages(desk: desk).routes
            + PresetPages(desk: desk).routes
            + ActivityPages(desk: desk).routes
            + CommandAPI(control: desk.control).routes
            + ConductAPI(control: desk.control).routes
            + RuleAPI(control: desk.control).routes
            + CustomAPI(control: desk.control).routes
            + ScheduleAPI(control: desk.control).routes
            + PresetAPI(control: desk.control).routes
            + BotFileAPI(control: desk.control).routes
    }
}
