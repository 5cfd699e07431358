// The fake camera's controls: those of a common USB webcam, and one of every other kind. The file that FAKECAM_CONTROLS
// names holds their values, in lines such as `brightness=128`, so that all processes see the same values and a test can
// read and change them. Without the file each control has its default, like a camera just plugged in.
//
//   FAKECAM_CONTROLS  path of that file; without it the camera has no controls
//
// As with uvcvideo, setting an inactive control fails with EACCES, and out-of-range values are clamped.
#define MAX_CONTROLS 32
#define CAMERA V4L2_CID_CAMERA_CLASS_BASE
#define USER V4L2_CID_BASE

struct control {
	uint32_t id, type;
	const char *key, *name;
	int64_t min, max;
	uint64_t step;
	int64_t initial;
	uint32_t flags;
	const char *driver; // the control that makes this one inactive while it has this value
	int64_t driven;
	const char *menu[4];
};

// By rising id, as the kernel lists them.
static const struct control controls[] = {
	{ V4L2_CID_USER_CLASS, V4L2_CTRL_TYPE_CTRL_CLASS, "", "User Controls", .flags = V4L2_CTRL_FLAG_READ_ONLY | V4L2_CTRL_FLAG_WRITE_ONLY },
	{ V4L2_CID_BRIGHTNESS, V4L2_CTRL_TYPE_INTEGER, "brightness", "Brightness", 0, 255, 1, 128 },
	{ V4L2_CID_CONTRAST, V4L2_CTRL_TYPE_INTEGER, "contrast", "Contrast", -64, 64, 2, 0, V4L2_CTRL_FLAG_SLIDER },
	{ V4L2_CID_HUE, V4L2_CTRL_TYPE_INTEGER, "hue", "Hue", 0, 255, 1, 0, V4L2_CTRL_FLAG_DISABLED },
	{ V4L2_CID_AUTO_WHITE_BALANCE, V4L2_CTRL_TYPE_BOOLEAN, "white_balance_automatic", "White Balance, Automatic", 0, 1, 1, 1, V4L2_CTRL_FLAG_UPDATE },
	{ V4L2_CID_GAIN, V4L2_CTRL_TYPE_INTEGER, "gain", "Gain", 0, 255, 1, 0, V4L2_CTRL_FLAG_READ_ONLY },
	{ V4L2_CID_POWER_LINE_FREQUENCY, V4L2_CTRL_TYPE_MENU, "power_line_frequency", "Power Line Frequency", 0, 2, 1, 2, .menu = { "Disabled", "50 Hz", "60 Hz" } },
	{ V4L2_CID_WHITE_BALANCE_TEMPERATURE, V4L2_CTRL_TYPE_INTEGER, "white_balance_temperature", "White Balance Temperature", 2000, 6500, 10, 4000, 0, "white_balance_automatic", 1 },
	{ USER + 0x1000, V4L2_CTRL_TYPE_BITMASK, "leds", "LEDs", 0, 0x80000003, 0, 1 },
	{ USER + 0x1001, V4L2_CTRL_TYPE_INTEGER_MENU, "bit_rate", "Bit Rate", 0, 2, 1, 1, .menu = { "1000000", "2000000", "8000000000" } },
	{ USER + 0x1002, V4L2_CTRL_TYPE_INTEGER64, "clock", "Clock", 0, 1LL << 40, 1, 0 },
	{ USER + 0x1003, V4L2_CTRL_TYPE_STRING, "label", "Label", 0, 16, 1, 0, V4L2_CTRL_FLAG_HAS_PAYLOAD },
	{ V4L2_CID_CAMERA_CLASS, V4L2_CTRL_TYPE_CTRL_CLASS, "", "Camera Controls", .flags = V4L2_CTRL_FLAG_READ_ONLY | V4L2_CTRL_FLAG_WRITE_ONLY },
	{ V4L2_CID_EXPOSURE_AUTO, V4L2_CTRL_TYPE_MENU, "auto_exposure", "Auto Exposure", 0, 3, 1, 3, V4L2_CTRL_FLAG_UPDATE, .menu = { 0, "Manual Mode", 0, "Aperture Priority Mode" } },
	{ V4L2_CID_EXPOSURE_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, "exposure_time_absolute", "Exposure Time, Absolute", 3, 2047, 1, 250, 0, "auto_exposure", 3 },
	{ V4L2_CID_PAN_RESET, V4L2_CTRL_TYPE_BUTTON, "pan_reset", "Pan, Reset", .flags = V4L2_CTRL_FLAG_WRITE_ONLY | V4L2_CTRL_FLAG_EXECUTE_ON_WRITE },
	{ V4L2_CID_PAN_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, "pan_absolute", "Pan, Absolute", -36000, 36000, 3600, 0 },
};
#define CONTROLS (sizeof controls / sizeof *controls)

static const struct control *control_of(uint32_t id) {
	for (size_t i = 0; i < CONTROLS; i++) if (controls[i].id == id) return &controls[i];
	return NULL;
}

static void read_values(int64_t *value) {
	for (size_t i = 0; i < CONTROLS; i++) value[i] = controls[i].initial;
	FILE *file = fopen(getenv("FAKECAM_CONTROLS"), "r");
	char key[64];
	long long v;
	while (file && fscanf(file, " %63[^=]=%lld", key, &v) == 2)
		for (size_t i = 0; i < CONTROLS; i++) if (!strcmp(controls[i].key, key)) value[i] = v;
	if (file) fclose(file);
}

static int64_t value_of(const char *key) {
	int64_t value[MAX_CONTROLS];
	read_values(value);
	for (size_t i = 0; i < CONTROLS; i++) if (!strcmp(controls[i].key, key)) return value[i];
	return 0;
}

static int is_inactive(const struct control *c) { return c->driver && value_of(c->driver) == c->driven; }

static int set_value(const struct control *c, int64_t v) {
	if (c->flags & (V4L2_CTRL_FLAG_READ_ONLY | V4L2_CTRL_FLAG_DISABLED) || is_inactive(c)) { errno = EACCES; return -1; }
	if (c->type == V4L2_CTRL_TYPE_BITMASK) v &= c->max;
	else if (c->type == V4L2_CTRL_TYPE_BUTTON) v = value_of(c->key) + 1; // how often it was pressed
	else {
		v = v < c->min ? c->min : v > c->max ? c->max : v;
		v = c->min + (v - c->min + (int64_t)c->step / 2) / (int64_t)c->step * (int64_t)c->step;
		if (c->menu[1] && !c->menu[v]) { errno = EINVAL; return -1; }
	}
	int64_t value[MAX_CONTROLS];
	read_values(value);
	value[c - controls] = v;
	FILE *file = fopen(getenv("FAKECAM_CONTROLS"), "w");
	if (!file) return -1;
	for (size_t i = 0; i < CONTROLS; i++)
		if (*controls[i].key && value[i] != controls[i].initial) fprintf(file, "%s=%lld\n", controls[i].key, (long long)value[i]);
	return fclose(file);
}

static int query(struct v4l2_query_ext_ctrl *q) {
	const struct control *c = NULL;
	if (q->id & V4L2_CTRL_FLAG_NEXT_CTRL) {
		uint32_t after = q->id & V4L2_CTRL_ID_MASK;
		for (size_t i = 0; i < CONTROLS && !c; i++) if (controls[i].id > after) c = &controls[i];
	} else c = control_of(q->id);
	if (!c) { errno = EINVAL; return -1; }
	memset(q, 0, sizeof *q);
	q->id = c->id;
	q->type = c->type;
	strcpy(q->name, c->name);
	q->minimum = c->min; q->maximum = c->max; q->step = c->step; q->default_value = c->initial;
	q->flags = c->flags | (is_inactive(c) ? V4L2_CTRL_FLAG_INACTIVE : 0);
	q->elem_size = c->type == V4L2_CTRL_TYPE_STRING ? 17 : c->type == V4L2_CTRL_TYPE_INTEGER64 ? 8 : 4;
	q->elems = 1;
	return 0;
}

// Answers ENOTTY for what is about no control.
static int answer_control(unsigned long request, void *arg) {
	if (!getenv("FAKECAM_CONTROLS")) { errno = ENOTTY; return -1; }
	switch ((uint32_t)request) {
	case VIDIOC_QUERY_EXT_CTRL: return query(arg);
	case VIDIOC_QUERYMENU: {
		struct v4l2_querymenu *m = arg;
		const struct control *c = control_of(m->id);
		if (!c || m->index > 3 || !c->menu[m->index]) { errno = EINVAL; return -1; }
		if (c->type == V4L2_CTRL_TYPE_INTEGER_MENU) m->value = atoll(c->menu[m->index]);
		else strcpy((char *)m->name, c->menu[m->index]);
		return 0;
	}
	case VIDIOC_G_CTRL: case VIDIOC_S_CTRL: {
		struct v4l2_control *v = arg;
		const struct control *c = control_of(v->id);
		if (!c || c->type == V4L2_CTRL_TYPE_CTRL_CLASS) { errno = EINVAL; return -1; }
		if ((uint32_t)request == VIDIOC_S_CTRL) {
			if (set_value(c, c->type == V4L2_CTRL_TYPE_BITMASK ? (int64_t)(uint32_t)v->value : v->value) < 0) return -1;
		} else if (c->flags & V4L2_CTRL_FLAG_WRITE_ONLY) { errno = EACCES; return -1; }
		v->value = value_of(c->key);
		return 0;
	}
	case VIDIOC_G_EXT_CTRLS: { // v4l2-ctl reads with this one
		struct v4l2_ext_controls *all = arg;
		for (uint32_t i = 0; i < all->count; i++) {
			const struct control *c = control_of(all->controls[i].id);
			if (!c) { errno = EINVAL; return -1; }
			if (c->type == V4L2_CTRL_TYPE_STRING) all->controls[i].string[0] = 0;
			else if (c->type == V4L2_CTRL_TYPE_INTEGER64) all->controls[i].value64 = value_of(c->key);
			else all->controls[i].value = value_of(c->key);
		}
		return 0;
	}
	}
	errno = ENOTTY;
	return -1;
}
